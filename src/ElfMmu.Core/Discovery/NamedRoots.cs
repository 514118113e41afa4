using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Windows;

namespace ElfMmu.Discovery;

/// <summary>What a dump itself says of roots: registers of processors, and where a kernel says its own table is.</summary>
internal static class NamedRoots
{
    // The names under which Linux kernels give the virtual address of their own top table in VMCOREINFO.
    private static readonly string[] Symbols = ["SYMBOL(swapper_pg_dir)", "SYMBOL(init_top_pgt)"];

    // What is left of the doubt in a root that the dump names.
    private const double Named = 0.1;

    // So many candidates are asked whether they are the kernel's.
    private const int MostAsked = 64;

    /// <summary>Raises the scores of candidates that the dump names, and keeps the order. O(candidates), and a few look-ups.</summary>
    public static void Raise(List<Candidate> candidates, MemoryDump dump, Placement placement)
    {
        foreach (Cpu cpu in WindowsProcessors.Of(dump))
        {
            foreach (PagingRegister register in candidates.SelectMany(c => Registers(c.Shape.Mode)).Distinct().ToArray())
            {
                if (register.In(cpu.Registers) is { } value
                    && candidates.FirstOrDefault(c => Registers(c.Shape.Mode).Contains(register) && c.Shape.Mode.DecodeRegister(value, new()) == c.Address)
                        is { } named)
                {
                    Raise(named, $"named by {register} of CPU {cpu.Index}");
                }
            }
        }

        if (KernelTable(dump) is { } kernel
            && candidates.Take(MostAsked).FirstOrDefault(c => Translate(c, kernel, placement) == c.Address) is { } own)
        {
            Raise(own, "named by VMCOREINFO: the kernel's own table");
        }

        candidates.Sort(CandidateJudge.Scores);
    }

    private static IEnumerable<PagingRegister> Registers(PagingMode mode) =>
        mode.SecondRootRegister == null ? [mode.RootRegister] : [mode.RootRegister, mode.SecondRootRegister];

    private static void Raise(Candidate candidate, string reason)
    {
        candidate.Score = 1 - (Named * (1 - candidate.Score));
        candidate.State = RootState.Live;
        candidate.Reasons.Add(reason);
    }

    private static ulong? KernelTable(MemoryDump dump)
    {
        foreach (string symbol in Symbols)
        {
            if (VmcoreInfo.Text(dump.VmcoreInfo.Span, symbol) is { } text
                && ulong.TryParse(text, System.Globalization.NumberStyles.HexNumber, null, out ulong address))
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>Where a candidate's own tables say that a virtual address is; null for nowhere.</summary>
    private static ulong? Translate(Candidate candidate, ulong address, Placement placement)
    {
        var request = new WalkRequest
        {
            Memory = placement.Memory,
            Map = placement.Map,
            Root = candidate.IsUpperHalf ? null : candidate.Address,
            Options = new PagingOptions { Registers = candidate.Registers },
            MinimumAddress = address,
            MaximumAddress = address,
        };
        var sink = new FirstMapping();
        try
        {
            candidate.Shape.Mode.Walk(request, ref sink);
        }
        catch (ElfMmuException)
        {
            // Not even a walk for one address gets along with it.
            return null;
        }

        return sink.Found is { } mapping && address - mapping.VirtualAddress < mapping.Size
            ? mapping.PhysicalAddress + (address - mapping.VirtualAddress)
            : null;
    }

    private struct FirstMapping : IMappingSink
    {
        public Mapping? Found { get; private set; }

        public bool Add(in Mapping mapping)
        {
            Found = mapping;
            return false;
        }
    }
}
