import { z } from 'zod';
import { message } from '../../src';

/** For those who are stuck: help with the step that they have not done. */
export default message({
  kind: 'marketing',
  topic: 'onboarding',
  props: z.object({ step: z.number().int().min(1) }),
  email: {
    subject: 'Stuck at step {{ step }}? Here is how it goes',
    preheader: 'Most people are through in a minute',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'there' },
  example: { props: { step: 2 } },
});
