/** A team's own project: the content of this package, copied into a folder of its own, with the engine as a dependency. */
export { initProject, type InitOptions, type NewProject } from './project';
