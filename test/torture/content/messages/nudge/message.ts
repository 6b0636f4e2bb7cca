import { z } from 'zod';
import { message } from '../../../../../src/messaging';

export default message({
  kind: 'marketing',
  topic: 'tips',
  cooldownMs: 5_000,
  props: z.object({ generation: z.number() }),
  email: { subject: 'nudge for {{ user_name }}', template: 'email.mjml' },
  fallbacks: { user_name: 'you' },
  example: { props: { generation: 0 } },
});
