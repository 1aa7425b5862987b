from tests.sim.test_simulator import *
def test_scan(house, monkeypatch):
    repeats: list[int] = []
    real_repeat, real_raised = push._repeat, rules.raised
    def repeat(known, raw):
        repeats.append(raw["dseq"])
        return real_repeat(known, raw)
    def raised(hwm, dseq):
        return hwm if repeats and repeats.pop() else real_raised(hwm, dseq)
    monkeypatch.setattr(push, "_repeat", repeat)
    monkeypatch.setattr(rules, "raised", raised)
    found = [s for s in range(150, 450) if first_fault(house, s)]
    print("FOUND", found)
