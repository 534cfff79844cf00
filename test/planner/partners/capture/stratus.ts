/** An invented partner whose tool prints what those of the founding documents print. */
export const STRATUS = `apiVersion: landline/v1
kind: PartnerProfile
metadata: { name: stratus, title: Stratus, checkedOn: 2026-11-01, sources: [{ id: docs, url: "https://stratus.example" }] }
params:
  service_name: { type: string, pattern: "com\\\\.amazonaws\\\\.vpce\\\\.[a-z0-9-]+\\\\.vpce-svc-[0-9a-f]{17}", needed: later, when: { mode: [consumer, bidirectional] }, obtain: the table }
  zones: { type: list, pattern: "[a-z0-9]+-az[0-9]", obtain: the error text }
  count: { type: integer, obtain: the error text }
  host: { type: string, pattern: "[a-z0-9.-]+", obtain: the binding }
  port: { type: integer, obtain: the binding }
provider:
  principals: { allow: { values: ["arn:aws:iam::402592597372:root"] }, source: docs }
  acceptance: { by: both, accounts: { values: ["402592597372"] }, source: docs }
  dns: { mode: partner, source: docs }
  handoffs:
    - id: create
      title: Create the instance
      channel: text
      at: [service-ready]
      body: create it
      captures:
        - { pattern: "VPC Endpoint ID '(vpce-[0-9a-f]{8,17})'", into: accept }
        - { pattern: "parameter 'count' to (\\\\w+)", into: params.count }
        - { pattern: "\\\\b([a-z0-9]+-az[0-9])\\\\b", into: params.zones }
      source: docs
    - id: bind
      title: Bind it
      channel: text
      at: [active]
      body: bind it
      captures:
        - { pattern: "\\"hostname\\":\\\\s*\\"([^\\"]+)\\"", into: params.host }
        - { pattern: "\\"password\\":\\\\s*\\"?([^\\"\\\\s]+)", into: params.host }
      source: docs
  states:
    - { match: "create in progress.*not yet approved", is: awaiting-acceptance, source: docs }
    - { match: "rejected", is: failed, terminal: true, hint: begin anew, source: docs }
    - { match: "create succeeded", is: active, source: docs }
    - { match: "create in progress", is: creating, source: docs }
  verify:
    - { run: "curl -v telnet://{{service.id}}:80", from: partner, good: "^\\\\* Connected to", bad: "Connection timed out|refused", source: docs }
consumer:
  service: { name: "{{params.service_name}}", source: docs }
  acceptance: { by: nobody, source: docs }
  dns: { mode: partner, source: docs }
  handoffs:
    - id: table
      title: Ask for the name
      channel: text
      at: [start]
      body: ask
      captures: [{ pattern: "(com\\\\.amazonaws\\\\.vpce\\\\.[a-z0-9-]+\\\\.vpce-svc-[0-9a-f]{17})", into: params.service_name }]
      source: docs
  states:
    - { match: "^creating$", is: waiting-partner, source: docs }
    - { match: "^active$", is: active, source: docs }
`;
