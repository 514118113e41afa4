using ElfMmu.Dumps;

namespace ElfMmu.Discovery;

/// <summary>A top table while it is being judged.</summary>
/// <param name="Graph">The tables it belongs to.</param>
/// <param name="Shape">What it looks like.</param>
/// <param name="Address">Where it is.</param>
internal sealed record Candidate(TableGraph Graph, RootShape Shape, ulong Address)
{
    private IReadOnlyList<TopEntry>? _entries;

    /// <summary>What stands in it.</summary>
    public required TableContent Content { get; init; }

    /// <summary>What it leads to.</summary>
    public required TreeSummary Summary { get; init; }

    /// <summary>Its entries.</summary>
    public IReadOnlyList<TopEntry> Entries => _entries ??= Graph.TopEntries(Address, Shape);

    /// <summary>How sure it is that this is a root in use: from 0 to 1.</summary>
    public double Score { get; set; }

    /// <summary>How much speaks for all candidates of its family, in bits.</summary>
    public double FamilyStrength { get; set; }

    /// <summary>What of the evidence is its own, and no better candidate's, in bits.</summary>
    public double OwnEvidence { get; set; }

    /// <summary>What it seems to be.</summary>
    public RootState State { get; set; }

    /// <summary>Whether it translates the upper half.</summary>
    public bool IsUpperHalf { get; set; }

    /// <summary>The root of the upper half that goes with it.</summary>
    public Candidate? Upper { get; set; }

    /// <summary>What speaks for it.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>What speaks against it.</summary>
    public List<string> Doubts { get; } = [];

    /// <summary>Whether it reaches the score from which on it counts as a root.</summary>
    public bool IsRoot => Score >= RootSearch.DefaultMinimumScore;

    /// <summary>Makes it less sure, for a reason.</summary>
    public void Doubt(double factor, string why)
    {
        Score *= factor;
        Doubts.Add(why);
    }

    /// <summary>The registers that a walk from it needs.</summary>
    public RegisterSet Registers
    {
        get
        {
            if (Shape.Control is not { } control)
            {
                return RegisterSet.Empty;
            }

            // Bits 15 to 0 are for the lower half of the addresses, 31 to 16 for the upper one, and those above for both.
            ulong lower = IsUpperHalf ? control.Upper : control.Lower;
            ulong upper = Upper?.Shape.Control?.Upper ?? lower;
            RegisterSet registers = RegisterSet.Empty.With(
                control.Name, (lower & 0xffff) | (upper & 0xffff_0000) | ((lower | upper) & ~0xffff_ffffUL));
            return IsUpperHalf ? registers.With(Shape.Mode.SecondRootRegister!.Name, Address) : registers;
        }
    }

    /// <summary>The outcome.</summary>
    public PageTableRoot ToRoot(DumpIdentity dump, Placement placement) => new()
    {
        Dump = dump,
        Mode = Shape.Mode,
        Root = Address,
        IsUpperHalf = IsUpperHalf,
        Root1 = Upper?.Address,
        Registers = Registers,
        RamBase = placement.Layout?.Pieces[0].Address ?? placement.Memory.RunOf(Address).Start,
        Score = Math.Round(Score, 3),
        State = State,
        Reasons = Reasons,
        Doubts = Doubts,
        Tables = Summary.Tables,
        UserBytes = Summary.UserBytes,
        SupervisorBytes = Summary.SupervisorBytes,
    };
}
