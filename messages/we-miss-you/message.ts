import { z } from 'zod';
import { message } from '../../src';

/** For those who have not been here for a week. */
export default message({
  kind: 'marketing',
  topic: 'news',
  props: z.object({}),
  email: {
    subject: 'It has been a while, {{ user_name }}',
    preheader: 'See what has come in since your last visit',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'friend' },
  example: { props: {} },
});
