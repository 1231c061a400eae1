// Errors of the APIs.
export { ApiProblem, isWorthRetrying, unwrap } from "./problem";
