/** Which deploy this code is of. What it is in a copy of this folder is what a deploy changes. */
export const generation: number = 0;

/** Every other generation has other steps and other headers. */
export const isOdd = generation % 2 === 1;
