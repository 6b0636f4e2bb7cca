/** Names of traits and properties that say where somebody can be reached: they never go to Temporal. */
export const addressNames: readonly string[] = ['email', 'phone', 'address'];
