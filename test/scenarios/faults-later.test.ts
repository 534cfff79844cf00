import { describeFaults } from "./faults.ts";

describeFaults("accepting a partner's endpoint");
describeFaults("bringing back a principal");
describeFaults("taking everything down");
