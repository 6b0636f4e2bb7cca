/** An event as the shop posts it. */
export interface ShopEvent {
  messageId: string;
  userId: string;
  event: string;
  properties: Record<string, unknown>;
  context?: { email?: string };
}
