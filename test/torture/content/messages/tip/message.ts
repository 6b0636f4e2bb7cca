import { z } from 'zod';
import { message } from '../../../../../src/messaging';

export default message({
  kind: 'marketing',
  topic: 'tips',
  cooldownMs: 4_000,
  priority: 'high',
  props: z.object({ generation: z.number() }),
  email: { subject: 'tip for {{ user_name }}', template: 'email.mjml' },
  fallbacks: { user_name: 'you' },
  example: { props: { generation: 0 } },
});
