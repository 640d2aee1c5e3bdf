import cProfile, pstats, time
from tests.test_access import *
def test_p(world):
    who = world.a.who["caseworker"]; n = world.a.who["nobody"]
    for _ in range(3): world.ask(who, "/cases/"); world.ask(n,"/cases/")
    t=time.time()
    for _ in range(40): world.ask(n, "/cases/")
    print("nobody 302", (time.time()-t)/40*1000)
    t=time.time()
    for _ in range(40): world.ask(n, "/")
    print("nobody home", (time.time()-t)/40*1000)
    for w in ("crew","caseworker"):
        t=time.time()
        for _ in range(40): world.ask(world.a.who[w], "/cases/")
        print(w, (time.time()-t)/40*1000)
    pr=cProfile.Profile(); pr.enable()
    for _ in range(40): world.ask(world.a.who["crew"], "/cases/")
    pr.disable(); pstats.Stats(pr).sort_stats("cumulative").print_stats(70)
