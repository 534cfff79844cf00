/** The account that offers the service. */
export const PROVIDER = "111111111111";
/** The account that connects to it. */
export const CONSUMER = "222222222222";

/** The day on which the guide is walked through: answers that hold a time are the same on every run. */
export const GUIDE_DAY = Date.parse("2026-01-15T10:00:00.000Z");

/** What stands before the first command: networks, the application's security groups, zones; ids as a guide would write them. */
export const guideWorld = `
accounts:
  "${PROVIDER}":
    regions:
      us-east-1:
        vpcs:
          - id: vpc-provider
            cidr: 10.0.0.0/16
            subnets:
              - {id: subnet-provider-1a, az: us-east-1a, azId: use1-az4, cidr: 10.0.0.0/20}
              - {id: subnet-provider-1b, az: us-east-1b, azId: use1-az6, cidr: 10.0.16.0/20}
    hostedZones:
      - {id: Z1PUBLIC, name: myservice.com}
  "${CONSUMER}":
    regions:
      us-east-1:
        vpcs:
          - id: vpc-consumer
            cidr: 10.1.0.0/16
            enableDnsSupport: true
            enableDnsHostnames: true
            subnets:
              - {id: subnet-consumer-1a, az: us-east-1a, azId: use1-az4, cidr: 10.1.0.0/20}
              - {id: subnet-consumer-1b, az: us-east-1b, azId: use1-az6, cidr: 10.1.16.0/20}
            securityGroups:
              - {id: sg-consumer-endpoint, name: consumer-endpoint}
              - {id: sg-application-instances, name: application-instances}
    hostedZones:
      - {id: Z1CONSUMER, name: myservice.com, vpcs: [vpc-consumer]}
  "333333333333": {}
`;
