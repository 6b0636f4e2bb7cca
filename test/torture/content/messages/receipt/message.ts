import { z } from 'zod';
import { message } from '../../../../../src/messaging';

export default message({
  kind: 'transactional',
  props: z.object({ generation: z.number() }),
  email: { subject: 'receipt for {{ user_name }}', template: 'email.mjml' },
  fallbacks: { user_name: 'you' },
  example: { props: { generation: 0 } },
});
