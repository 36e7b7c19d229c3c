// What the bundler writes for JSX.
export { Fragment, h } from "preact";
