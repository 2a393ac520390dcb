/** An agent that ends with this wants to be started again at once, perhaps as another version. */
export const RESTART_EXIT = 75;
