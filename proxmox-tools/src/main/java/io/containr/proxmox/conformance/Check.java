package io.containr.proxmox.conformance;

/** One thing that is found out. */
record Check(String group, String name, Work work) {

    /** Returns what was seen; throws where that is not what the agent takes for granted. */
    @FunctionalInterface
    interface Work {
        String run() throws Exception;
    }
}
