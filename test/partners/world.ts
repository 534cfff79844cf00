/** The zones of us-east-1 in which every account of a scenario has a subnet; an account names them in its own order, only the ids are the same. */
export const ZONES = ["use1-az2", "use1-az4", "use1-az6"];

const OURS = ["111111111111", "222222222222"];

/** Seed of a world with two accounts of ours and others. Ids tell whose they are: those of the network account have an `a`, then come `b`, `c`, ... */
export function worldWith(others: readonly string[]): string {
  const accounts = [...OURS, ...others].map((id, index) => {
    const letter = "abcdef".charAt(index);
    return [id, { regions: { "us-east-1": { vpcs: [vpcOf(letter)] } }, hostedZones: zonesOf(letter) }];
  });
  return JSON.stringify({ accounts: Object.fromEntries(accounts) });
}

/** `subnet-0a1b2c3d4e5f60001`: the first one of the network account. */
export const subnetId = (letter: string, number: number): string => `subnet-0${letter}1b2c3d4e5f6000${number}`;

function vpcOf(letter: string): object {
  const net = `10.${(letter.charCodeAt(0) - 96) * 10}`;
  return {
    id: `vpc-0${letter}1b2c3d4e5f60001`,
    cidr: `${net}.0.0/16`,
    subnets: ZONES.map((azId, index) => ({ id: subnetId(letter, index + 1), azId, cidr: `${net}.${index * 16}.0/20` })),
    securityGroups: [{ id: `sg-0${letter}1b2c3d4e5f60001`, name: "connector" }],
  };
}

/** The network account owns a zone that everybody can resolve, the applications' account one that only its VPC can. */
function zonesOf(letter: string): object[] {
  if (letter === "a") return [{ id: "Z0PUBLIC000000000001", name: "services.example.com" }];
  if (letter === "b")
    return [{ id: "Z0PRIVATE00000000001", name: "apps.internal.example.com", vpcs: ["vpc-0b1b2c3d4e5f60001"] }];
  return [];
}
