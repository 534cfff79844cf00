import { readFileSync } from "node:fs";
import { loadProfiles } from "../../../src/planner/partners/load.ts";
import type { Profile, Profiles } from "../../../src/planner/partners/profile.ts";

/** An invented partner that does everything in both directions: who is told what and when, what is waited for, and how it ends. */
export const NIMBUS = `apiVersion: landline/v1
kind: PartnerProfile
metadata:
  name: nimbus
  title: Nimbus Cloud
  checkedOn: "2026-11-01"
  sources: [{ id: docs, url: "https://docs.nimbus.example/privatelink" }]
params:
  instance: { type: string, pattern: "[a-z][a-z0-9-]*", needed: handoff, obtain: the name of the instance that you make }
  account: { type: string, pattern: "[0-9]{12}", default: "402592597372", obtain: the console }
  service_name: { type: string, needed: later, until: P5D, when: { mode: [consumer, bidirectional] }, obtain: the answer to the ticket }
provider:
  principals: { allow: { values: ["arn:aws:iam::{{params.account}}:root"] }, source: docs }
  acceptance:
    by: both
    accounts: { values: ["{{params.account}}"] }
    deadline: PT24H
    afterDeadline: Make the instance {{params.instance}} anew.
    source: docs
  dns: { mode: partner, source: docs }
  handoffs:
    - id: create
      title: Create the instance
      channel: cli
      at: [service-ready]
      body: nimbus create {{params.instance}} --service {{service.name}}
      notes: ["Everybody in the space of {{params.instance}} reaches the endpoint."]
      takes: PT1H
      source: docs
    - id: approve
      title: Approve the request
      channel: console
      at: [requested]
      actor: approver
      body: Approve {{request.id}} of {{request.account}}.
      source: docs
    - id: bind
      title: Bind the instance
      channel: cli
      at: [active]
      body: nimbus bind {{params.instance}}
      source: docs
    - id: remove
      title: Delete the instance
      channel: cli
      at: [removing]
      body: nimbus delete {{params.instance}}
      source: docs
    - id: look
      title: Look at the instance
      channel: cli
      at: [asked]
      body: nimbus show {{params.instance}}
      source: docs
  states:
    - { match: "^create in progress", is: creating, source: docs }
    - { match: "^create succeeded", is: active, source: docs }
    - { match: "^failed", is: failed, terminal: true, hint: delete the instance and begin anew, source: docs }
  deletion:
    confirm: [{ id: nimbus.unused, message: "No application may use {{params.instance}}." }]
    reported: "^(deleted|create succeeded)"
    source: docs
consumer:
  service: { name: "{{params.service_name}}", source: docs }
  acceptance: { by: person, takes: P2D, source: docs }
  dns: { mode: none, source: docs }
  handoffs:
    - id: register
      title: Register the endpoint
      channel: http
      at: [endpoint-created]
      body: POST /endpoints {"id":"{{endpoint.id}}"}
      source: docs
    - id: leave
      title: Ask for the end
      channel: ticket
      at: [removing]
      body: End {{endpoint.name}}.
      source: docs
  deletion:
    confirm: [{ id: nimbus.ticket, message: The ticket has to be answered. }]
    source: docs
handoffs:
  - id: enable
    title: Ask Nimbus to enable the connection
    channel: ticket
    at: [start]
    when: { mode: [consumer, bidirectional] }
    body: Please allow {{our.account}} for {{connection.name}}.
    takes: P3D
    source: docs
  - id: change
    title: Tell Nimbus of a change
    channel: ticket
    at: [changed]
    body: "We change: {{changes}}"
    source: docs
  - id: test
    title: Test it
    channel: text
    at: [active]
    body: Test {{connection.name}}.
    source: docs
`;

const partner = JSON.parse(readFileSync(new URL("../../../schema/partner.v1.schema.json", import.meta.url), "utf8"));

/** Profiles from texts that must be right. */
export function profilesOf(...texts: readonly string[]): Profiles {
  const files = texts.map((text, index) => ({ path: `partners/${index}.yaml`, text }));
  const { profiles, problems } = loadProfiles({ shipped: [], own: files }, { partner });
  if (problems.length > 0) throw new Error(`bad profile in a test: ${JSON.stringify(problems, null, 1)}`);
  return profiles;
}

/** The invented partner, with one text in place of another. */
export function nimbus(...edits: readonly (readonly [from: string, to: string])[]): Profiles {
  const text = edits.reduce((so, [from, to]) => {
    if (!so.includes(from)) throw new Error(`the profile does not say ${from}`);
    return so.replace(from, to);
  }, NIMBUS);
  return profilesOf(text);
}

export function profileOf(profiles: Profiles): Profile {
  const profile = profiles.get("nimbus");
  if (!profile) throw new Error("no profile nimbus");
  return profile;
}
