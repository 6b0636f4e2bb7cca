import { z } from 'zod';
import { message } from '../../src';

/** For those whom `we-miss-you` has not brought back. */
export default message({
  kind: 'marketing',
  topic: 'offers',
  props: z.object({ percent: z.number().min(1).max(90).default(15) }),
  email: {
    subject: '{{ percent }}% off, to welcome you back',
    preheader: 'Good for one order of your choice',
    template: 'email.mjml',
  },
  fallbacks: { user_name: 'friend' },
  example: { props: {} },
});
