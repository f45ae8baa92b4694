#ifndef BUILD_INFO_H
#define BUILD_INFO_H

/// The commit that the program was built from: what REALTIME_ROUTER_COMMIT said when it was built, or "unknown".
const char *build_commit(void);

#endif
