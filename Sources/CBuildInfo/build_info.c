#include "build_info.h"

#define TEXT(token) #token
#define TEXT_OF(macro) TEXT(macro)

#ifdef REALTIME_ROUTER_COMMIT
const char *build_commit(void) { return TEXT_OF(REALTIME_ROUTER_COMMIT); }
#else
const char *build_commit(void) { return "unknown"; }
#endif
