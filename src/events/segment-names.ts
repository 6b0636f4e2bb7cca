/**
 * Segment's e-commerce and account events under the names of the plan, which are GA4's.
 * Source: Segment's "Ecommerce Spec" (v2) and GA4's "Recommended events".
 */
const planNames: Record<string, string> = {
  'product viewed': 'view_item',
  'product added': 'add_to_cart',
  'product removed': 'remove_from_cart',
  'cart viewed': 'view_cart',
  'checkout started': 'begin_checkout',
  'order completed': 'purchase',
  'products searched': 'search',
  'signed up': 'sign_up',
  'account created': 'sign_up',
  'signed in': 'login',
  'logged in': 'login',
  'signed out': 'logout',
  'logged out': 'logout',
  'video playback started': 'video_played',
  'video playback paused': 'video_paused',
};
const byName = new Map(Object.entries(planNames));

/** The plan's name of an event: its own, or what Segment's name stands for. */
export function planName(name: string): string {
  return byName.get(name) ?? byName.get(name.toLowerCase()) ?? name;
}
