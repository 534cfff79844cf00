import type { Operations } from "../operation.ts";
import { addListenerCertificates, describeListenerCertificates, removeListenerCertificates } from "./certificates.ts";
import { describeListenerAttributes, modifyListenerAttributes } from "./listener-attributes.ts";
import { createListener, deleteListener, describeListeners, modifyListener } from "./listeners.ts";
import { describeLoadBalancerAttributes, modifyLoadBalancerAttributes } from "./load-balancer-attributes.ts";
import { createLoadBalancer, deleteLoadBalancer, describeLoadBalancers } from "./load-balancers.ts";
import { describeAccountLimits } from "./quotas.ts";
import { setSecurityGroups } from "./security-groups.ts";
import { setIpAddressType, setSubnets } from "./subnets.ts";
import { addTags, describeTags, removeTags } from "./tags.ts";
import { describeTargetGroupAttributes, modifyTargetGroupAttributes } from "./target-group-attributes.ts";
import { createTargetGroup, deleteTargetGroup, describeTargetGroups, modifyTargetGroup } from "./target-groups.ts";
import { deregisterTargets, describeTargetHealth, registerTargets } from "./targets.ts";
import { describeCapacityReservation, describeRules } from "./terraform-reads.ts";
import { describeSslPolicies } from "./tls.ts";

/** Elastic Load Balancing (API 2015-12-01): Network Load Balancers in depth, Application Load Balancers only so that their type can be told. */
export const operations: Operations = {
  AddListenerCertificates: addListenerCertificates,
  AddTags: addTags,
  CreateListener: createListener,
  CreateLoadBalancer: createLoadBalancer,
  CreateTargetGroup: createTargetGroup,
  DeleteListener: deleteListener,
  DeleteLoadBalancer: deleteLoadBalancer,
  DeleteTargetGroup: deleteTargetGroup,
  DeregisterTargets: deregisterTargets,
  DescribeAccountLimits: describeAccountLimits,
  DescribeCapacityReservation: describeCapacityReservation,
  DescribeListenerAttributes: describeListenerAttributes,
  DescribeListenerCertificates: describeListenerCertificates,
  DescribeListeners: describeListeners,
  DescribeLoadBalancerAttributes: describeLoadBalancerAttributes,
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeRules: describeRules,
  DescribeSSLPolicies: describeSslPolicies,
  DescribeTags: describeTags,
  DescribeTargetGroupAttributes: describeTargetGroupAttributes,
  DescribeTargetGroups: describeTargetGroups,
  DescribeTargetHealth: describeTargetHealth,
  ModifyListener: modifyListener,
  ModifyListenerAttributes: modifyListenerAttributes,
  ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
  ModifyTargetGroup: modifyTargetGroup,
  ModifyTargetGroupAttributes: modifyTargetGroupAttributes,
  RegisterTargets: registerTargets,
  RemoveListenerCertificates: removeListenerCertificates,
  RemoveTags: removeTags,
  SetIpAddressType: setIpAddressType,
  SetSecurityGroups: setSecurityGroups,
  SetSubnets: setSubnets,
};
