export { hashHeaderOf } from './answer-hash.js';
export { ClientErrors } from './client-error.js';
export { InFlight, type RequestObserver } from './in-flight.js';
export { mountEdge } from './mount-edge.js';
export { ProblemFilter } from './problem.filter.js';
export { requestLog } from './request-log.js';
export { RouteTable } from './route-table.js';
export { serverLimits, tlsOptions } from './server-options.js';
export { validationPipe } from './validation.pipe.js';
