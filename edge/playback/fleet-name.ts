/** One Fleet holds what is known of every agent of a deployment. */
export const FLEET_NAME = 'fleet';
