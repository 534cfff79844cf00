import { describeFaults } from "./faults.ts";

describeFaults("the first apply");
