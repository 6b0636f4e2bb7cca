export { openDemo, type Demo, type DemoOptions, type DemoParts } from './open-demo';
export { demoSettings } from './settings';
