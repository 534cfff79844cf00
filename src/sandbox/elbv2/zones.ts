import { hexOf } from "../ids.ts";

/** Hosted zones of `elb.<region>.amazonaws.com`: what an alias to a Network Load Balancer names (AWS General Reference, Elastic Load Balancing endpoints). */
const networkZones: Record<string, string> = {
  "af-south-1": "Z203XCE67M25HM",
  "ap-east-1": "Z12Y7K3UBGUAD1",
  "ap-northeast-1": "Z31USIVHYNEOWT",
  "ap-northeast-2": "ZIBE1TIR4HY56",
  "ap-northeast-3": "Z1GWIQ4HH19I5X",
  "ap-south-1": "ZVDDRBQ08TROA",
  "ap-southeast-1": "ZKVM4W9LS7TM",
  "ap-southeast-2": "ZCT6FZBF4DROD",
  "ap-southeast-3": "Z01971771FYVNCOVWJU1G",
  "ca-central-1": "Z2EPGBW3API2WT",
  "eu-central-1": "Z3F0SRJ5LGBH90",
  "eu-central-2": "Z02239872DOALSIDCX66S",
  "eu-north-1": "Z1UDT6IFJ4EJM",
  "eu-south-1": "Z23146JA1KNAFP",
  "eu-south-2": "Z1011216NVTVYADP1SSV",
  "eu-west-1": "Z2IFOLAFXWLO4F",
  "eu-west-2": "ZD4D7Y8KGAS4G",
  "eu-west-3": "Z1CMS0P5QUZ6D5",
  "me-central-1": "Z00282643NTTLPANJJG2P",
  "me-south-1": "Z3QSRYVP46NYYV",
  "sa-east-1": "ZTK26PT1VY4CU",
  "us-east-1": "Z26RNL4JYFTOTI",
  "us-east-2": "ZLMOA37VPKANP",
  "us-west-1": "Z24FKFUX50B4VW",
  "us-west-2": "Z18D5FSROUN65G",
};

/** The zone of `<region>.elb.amazonaws.com`, for Application Load Balancers; the sandbox knows only the one that documents show most. */
const applicationZones: Record<string, string> = { "us-east-1": "Z35SXDOTRQ7X7K" };

/** The hosted zone that owns a load balancer's DNS name; for a Region without a known one always the same made-up one. */
export function canonicalZone(region: string, type: string): string {
  const known = type === "network" ? networkZones[region] : applicationZones[region];
  return known ?? `Z${hexOf(`${type}/${region}`, 13).toUpperCase()}`;
}
