import { describe, expect, test } from "vitest";
import { route53 } from "../../src/sandbox/route53/index.ts";
import { startTestSandbox } from "./helper.ts";

const none = new URLSearchParams();

describe("routing", () => {
  test("a path may end in a slash, and the query may come in any order", () => {
    const expected = {
      action: "ListResourceRecordSets",
      params: { Id: "Z1", StartRecordName: "a.example.com", MaxItems: "2" },
    };
    for (const path of ["/2013-04-01/hostedzone/Z1/rrset", "/2013-04-01/hostedzone/Z1/rrset/"]) {
      expect(route53("GET", path, new URLSearchParams("maxitems=2&name=a.example.com"), "")).toEqual(expected);
      expect(route53("GET", path, new URLSearchParams("name=a.example.com&maxitems=2"), "")).toEqual(expected);
    }
  });

  test("numbers stay text, and lists are lists also with one entry or none", () => {
    const body = `<?xml version="1.0"?><ChangeResourceRecordSetsRequest xmlns="x"><ChangeBatch><Changes><Change>
      <ResourceRecordSet><TTL>0300</TTL><ResourceRecords><ResourceRecord><Value>&quot;a &amp;amp; b&quot;</Value></ResourceRecord></ResourceRecords>
      <Type>TXT</Type><Name>1e3</Name></ResourceRecordSet><Action>CREATE</Action></Change></Changes><Comment>after</Comment></ChangeBatch>
      </ChangeResourceRecordSetsRequest>`;
    expect(route53("POST", "/2013-04-01/hostedzone/Z1/rrset/", none, body)?.params).toEqual({
      Id: "Z1",
      ChangeBatch: {
        Changes: [
          {
            Action: "CREATE",
            ResourceRecordSet: { Name: "1e3", Type: "TXT", TTL: "0300", ResourceRecords: [{ Value: '"a &amp; b"' }] },
          },
        ],
        Comment: "after",
      },
    });
    const empty = "<ChangeTagsForResourceRequest><AddTags/></ChangeTagsForResourceRequest>";
    expect(route53("POST", "/2013-04-01/tags/hostedzone/Z1", none, empty)?.params).toMatchObject({ AddTags: [] });
  });

  test.each([
    ["GET", "/2013-04-01/healthcheck"],
    ["PUT", "/2013-04-01/hostedzone"],
    ["GET", "/2013-04-01/hostedzone/Z1/rrset/more"],
    ["GET", "/2013-04-01/hostedzone/%E0%A4%A"],
    ["GET", "/2013-04-01/"],
  ])("%s %s is unknown", (method, path) => {
    expect(route53(method, path, none, "")).toBeUndefined();
  });
});

describe("bodies that cannot be read", () => {
  test.each([
    ["no XML", "<ChangeResourceRecordSetsRequest><Change", "Invalid XML"],
    ["another root", "<ChangeBatch/>", "ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest"],
  ])("%s is refused as malformed", async (_what, body, words) => {
    const sandbox = await startTestSandbox();
    const response = await fetch(`${sandbox.url}/2013-04-01/hostedzone/Z0PUBLIC000000000001/rrset`, {
      method: "POST",
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=111111111111/20260115/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=0",
      },
      body,
    });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain("<Code>MalformedInput</Code>");
    expect(text).toContain(words);
  });
});
