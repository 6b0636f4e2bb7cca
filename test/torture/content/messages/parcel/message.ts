import { z } from 'zod';
import { message } from '../../../../../src/messaging';

export default message({
  kind: 'transactional',
  props: z.object({}),
  email: { subject: 'parcel for {{ user_name }}', template: 'email.mjml' },
  fallbacks: { user_name: 'you' },
  example: { props: {} },
});
