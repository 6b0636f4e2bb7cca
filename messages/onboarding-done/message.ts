import { z } from 'zod';
import { message } from '../../src';

/** Congratulations, and what to try next. */
export default message({
  kind: 'marketing',
  topic: 'onboarding',
  props: z.object({}),
  email: {
    subject: 'You are all set, {{ user_name }}',
    preheader: 'And three things that few people find by themselves',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'friend' },
  example: { props: {} },
});
