using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Spaces;

/// <summary>
/// What is said of single addresses, against QEMU: its complete walk of x86's tables, and its translation of any address by one
/// that has the dump's memory and paging registers (tests/translate).
/// </summary>
public sealed class ResolveAgainstQemuTests(ITestOutputHelper output)
{
    public static TheoryData<string> X86 => Choose("-x64|-ia32|-i386|bare-pae|-la57");

    public static TheoryData<string> RiscV => Choose("-sv");

    public static TheoryData<string> AArch64 => Choose("-a64|-arm64");

    public static TheoryData<string> Arm => Choose("-arm(-|$)");

    /// <summary>Against <c>info tlb</c>, which lists every leaf there is.</summary>
    [Theory]
    [MemberData(nameof(X86))]
    public void TheWalkOfX86(string name)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("machine.yaml"));
        AddressSpace space = Described.Space(dump);
        SortedDictionary<ulong, ulong> leaves = QemuWalk.InfoTlb(folder.File("info_tlb.txt"), space.Identity.Mode.Name == "pae");
        Difference[] known = [.. Difference.Known(name, dump)];
        ulong[] addresses = AddressSample.Of(SpaceMap.Walk(space), [.. leaves.Keys], AddressSample.Seed(name));
        Translation[] translations = Translate(space, addresses);
        AddressTranslator translator = space.NewTranslator();
        var tally = new Tally();
        for (int i = 0; i < addresses.Length; i++)
        {
            ulong address = addresses[i];
            Difference? quirk = known.FirstOrDefault(d => d.Holds(address));
            tally.Add(
                address,
                translations[i].IsMapped ? translations[i].PhysicalAddress : null,
                quirk == null ? Leaf(leaves, space, translator, address) : quirk.Ours + (address - quirk.Address),
                quirk != null);
        }

        tally.Finish(output, name, "every leaf");
    }

    [ToolTheory("python3", "qemu-system-x86_64")]
    [MemberData(nameof(X86))]
    public void TranslationsOfX86(string name) => Ask(name);

    [ToolTheory("python3", "qemu-system-riscv32", "qemu-system-riscv64")]
    [MemberData(nameof(RiscV))]
    public void TranslationsOfRiscV(string name) => Ask(name);

    [ToolTheory("python3", "qemu-system-aarch64")]
    [MemberData(nameof(AArch64))]
    public void TranslationsOfAArch64(string name) => Ask(name);

    [ToolTheory("python3", "qemu-system-arm")]
    [MemberData(nameof(Arm))]
    public void TranslationsOfArm(string name) => Ask(name);

    [ToolTheory("python3", "qemu-system-ppc")]
    [InlineData("bare-ppc32")]
    public void TranslationsOfPowerPc(string name) => Ask(name);

    private static TheoryData<string> Choose(string names) => [.. AllDumpData.Names.Where(n => Regex.IsMatch(n, names))];

    /// <summary>All at once, and each alone.</summary>
    private static Translation[] Translate(AddressSpace space, ulong[] addresses)
    {
        var translations = new Translation[addresses.Length];
        space.NewTranslator().Translate(addresses, translations);
        AddressTranslator translator = space.NewTranslator();
        for (int i = 0; i < addresses.Length; i++)
        {
            Assert.Equal(translations[i], translator.Translate(addresses[i]));
        }

        return translations;
    }

    /// <summary>
    /// Where the leaf that holds an address leads. The list has no sizes: a leaf on a large page's boundary counts as one of that
    /// size only if its first address is translated so.
    /// </summary>
    private static ulong? Leaf(
        SortedDictionary<ulong, ulong> leaves, AddressSpace space, AddressTranslator translator, ulong address)
    {
        foreach (ulong size in space.Identity.Mode.PageSizes)
        {
            ulong start = address & ~(size - 1);
            if (leaves.TryGetValue(start, out ulong physical)
                && (size == space.Identity.Mode.Granule || translator.Translate(start).Attributes.PageSize == size))
            {
                return physical + (address - start);
            }
        }

        return null;
    }

    private void Ask(string name)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("machine.yaml"));
        AddressSpace space = Described.Space(dump);
        ulong[] addresses = AddressSample.Of(SpaceMap.Walk(space), folder.Known(), AddressSample.Seed("live " + name));
        var qemu = QemuAnswers.Ask(folder, addresses);
        Difference[] known = [.. Difference.Known(name, dump).Where(d => d.Ours == null), .. Lenient(name)];
        Translation[] translations = Translate(space, addresses);
        foreach (string privilege in qemu.Privileges)
        {
            var tally = new Tally();
            for (int i = 0; i < addresses.Length; i++)
            {
                ulong address = addresses[i];
                Translation translation = translations[i];
                ulong? ours = IsSeen(translation, privilege, dump.Machine.Architecture) ? translation.PhysicalAddress : null;
                ulong? theirs = qemu.Of(privilege, address);
                bool quirk = known.Any(d => d.Holds(address)) || FetchesOnly(translation, privilege, dump.Machine.Architecture);
                Assert.True(!quirk || theirs != null, $"QEMU is said to translate 0x{address:x}, and doesn't.");
                tally.Add(address, ours, quirk ? null : theirs, quirk);
            }

            tally.Finish(output, name, privilege);
        }
    }

    /// <summary>
    /// Whether the monitor finds an address: it tries to load, and for PowerPC to fetch an instruction when that fails. On x86 it
    /// looks at no rights. On RISC-V it lets the supervisor look at user pages whatever SUM says.
    /// </summary>
    private static bool IsSeen(Translation translation, string privilege, Architecture architecture)
    {
        Rights asks = architecture == Architecture.PowerPC ? Rights.Read | Rights.Execute : Rights.Read;
        Rights supervisor = translation.Attributes.Supervisor
            | (architecture == Architecture.RiscV ? translation.Attributes.User : Rights.None);
        return translation.IsMapped && privilege switch
        {
            "any" => true,
            "user" => (translation.Attributes.User & asks) != 0,
            "supervisor" => (supervisor & asks) != 0,
            _ => throw new ArgumentOutOfRangeException(nameof(privilege), privilege, "There is no such privilege."),
        };
    }

    /// <summary>Pages of the bare guests that the manuals say are none, and that QEMU 7.2 translates.</summary>
    private static IEnumerable<Difference> Lenient(string name) =>
        from line in name.StartsWith("bare-", StringComparison.Ordinal) ? TruthLine.Read(name) : []
        where line.Note.Contains("Ks=Kp=1, PP=00", StringComparison.Ordinal)
        select new Difference(line.Address, line.Size, line.Physical, null, line.Note);

    /// <summary>
    /// PowerPC: the monitor tries to fetch an instruction where it may not load, and QEMU lets that happen on pages whose key and
    /// protection give no access. The manual has instructions need what loads need (PEM, 7.5.4). Blocks aren't concerned.
    /// </summary>
    private static bool FetchesOnly(Translation translation, string privilege, Architecture architecture) =>
        architecture == Architecture.PowerPC && privilege == "user" && translation.IsMapped
        && translation.Attributes.User == Rights.None && translation.Attributes.PageSize == 4096;

    /// <summary>What was found where.</summary>
    private sealed class Tally
    {
        private readonly List<string> _differences = [];
        private int _present;
        private int _absent;
        private int _quirks;

        public void Add(ulong address, ulong? ours, ulong? theirs, bool quirk)
        {
            (_present, _absent) = ours == null ? (_present, _absent + 1) : (_present + 1, _absent);
            _quirks += quirk ? 1 : 0;
            if (ours != theirs)
            {
                _differences.Add($"0x{address:x}: 0x{ours:x}; QEMU says 0x{theirs:x}");
            }
        }

        public void Finish(ITestOutputHelper output, string name, string what)
        {
            output.WriteLine(
                $"{name} ({what}): {_present + _absent} addresses, {_present} present, {_absent} absent, {_quirks} of them where "
                + $"QEMU is known to differ from the manual; {_differences.Count} differences.");
            Assert.Equal([], _differences.Take(10));
            Assert.True(_present >= 1500 && _absent >= 1500, $"{_present} present and {_absent} absent are too few.");
            Assert.True(_quirks < AddressSample.Count / 10);
        }
    }
}
