/**
 * From text to checked specs. Everything here is a function of its arguments: files, schemas and today's date come in from `commands/`.
 * Nothing throws on bad input; what is wrong comes back as problems, all of them at once.
 */

export { targetGroupProtocol } from "./checks/target-group.ts";
export type * from "./connection.generated.ts";
export { parseConnections } from "./connections.ts";
export {
  type CompletePolicy,
  type CompleteProjectSpec,
  type ConnectionDocument,
  endpointName,
  type ProjectDocument,
} from "./documents.ts";
export { type Edited, editSpec, type SpecEdit } from "./edit.ts";
export { layOut, printed } from "./edit-words.ts";
export { explainField, type FieldExplanation } from "./explain.ts";
export { formatAddress, parseAddress } from "./forms/address.ts";
export { nameInZone, ZONE_ID } from "./forms/dns.ts";
export { type PortRange, parsePorts } from "./forms/ports.ts";
export { accountOfPrincipal } from "./forms/principal.ts";
export { regionOfService } from "./forms/service-name.ts";
export { type LoadBalancerTarget, parseTarget } from "./forms/target.ts";
export { isZoneId } from "./forms/zone.ts";
export { type Path, type Position, type Problem, type ProblemCode, sortProblems } from "./problem.ts";
export type * from "./project.generated.ts";
export { parseProject } from "./project.ts";
export { renderProblems, type Style } from "./render.ts";
export type { Schemas } from "./schema.ts";
export { didYouMean, suggestion } from "./suggest.ts";
export type { SourceFile } from "./yaml.ts";
