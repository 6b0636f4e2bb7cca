import { z } from 'zod';
import { message } from '../../src';

/** For those who signed up and have not begun. */
export default message({
  kind: 'marketing',
  topic: 'onboarding',
  props: z.object({}),
  email: {
    subject: 'A two-minute start, {{ user_name }}',
    preheader: 'Three small steps, and you are set up',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'there' },
  example: { props: {} },
});
