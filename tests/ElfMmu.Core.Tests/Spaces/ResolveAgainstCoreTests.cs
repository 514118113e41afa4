using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Spaces;

/// <summary>
/// What is said of single addresses, against readers of the exported core: they read the bytes that stand in the dump's file
/// where they are said to, and nothing where nothing is.
/// </summary>
public sealed class ResolveAgainstCoreTests(ITestOutputHelper output) : IDisposable
{
    private const ulong Page = 4096;

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, FileStream> _files = [];

    public void Dispose()
    {
        foreach (FileStream file in _files.Values)
        {
            file.Dispose();
        }

        _folder.Dispose();
    }

    /// <summary>The dumps of which GDB 13 can open a core: not those of MIPS, which have no registers.</summary>
    public static TheoryData<string> GdbOpens =>
        [.. AllDumpData.Names.Where(n => !BareDumpData.Probed.Contains(n))];

    /// <summary>
    /// GDB takes the end of a segment at 2^64 for 0 and cuts the top byte off AArch64's addresses; those addresses and MIPS are
    /// the other reader's.
    /// </summary>
    [ToolTheory("gdb-multiarch")]
    [MemberData(nameof(GdbOpens))]
    public void GdbReadsWhatIsResolved(string name)
    {
        using var folder = new DumpFolder(name);
        string physical = folder.File("phys.elf");
        string path = File.Exists(physical) ? physical : folder.File("machine.yaml");
        Compare(folder, path, GdbTakes, (core, requests) => Tools.RunGdb(
            core, $"python import sys; sys.argv = ['{requests}']", $"source {Script("read_memory.py")}"));
    }

    [ToolTheory("pyelftools")]
    [ClassData(typeof(AllDumpData))]
    public void PyElfToolsReadsWhatIsResolved(string name)
    {
        using var folder = new DumpFolder(name);
        Compare(folder, folder.File("machine.yaml"), (_, _, _) => true, (core, requests) => Tools.Run(
            Tools.Python!, Script("read_segments.py"), core, requests));
    }

    private static bool GdbTakes(ulong address, Architecture architecture, ulong unreadable) =>
        address < unreadable && (architecture != Architecture.AArch64 || address == WithoutTag(address));

    /// <summary>AArch64: the top byte as a copy of bit 55, as it is in an address without a tag.</summary>
    private static ulong WithoutTag(ulong address) => (ulong)((long)(address << 8) >> 8);

    private static string Script(string name) => Path.Combine(TestData.Folder, "..", "ElfMmu.Core.Tests", "Spaces", name);

    private void Compare(
        DumpFolder folder, string path, Func<ulong, Architecture, ulong, bool> takes, Func<string, string, ToolResult> read)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        AddressSpace space = Described.Space(dump);
        string core = _folder.File("core");
        Cores.Export(dump, space, core);
        ElfProgramHeader last = Cores.Loads(core)[^1];
        ulong unreadable = unchecked(last.VirtualAddress + last.MemorySize) == 0 ? last.VirtualAddress : ulong.MaxValue;
        ulong[] addresses = AddressSample.Of(
            SpaceMap.Walk(space),
            folder.Known(),
            AddressSample.Seed(folder.Name),
            a => takes(a, dump.Machine.Architecture, unreadable));

        // Every second time a word, which may reach into the next page.
        ulong end = space.Identity.Mode.WordSize == 32 ? uint.MaxValue : ulong.MaxValue;
        int[] lengths = [.. addresses.Select((a, i) => i % 2 == 0 && end - a >= 8 ? 8 : 1)];
        string requests = _folder.Write("requests", string.Concat(addresses.Zip(lengths, (a, l) => $"{a:x} {l}\n")));
        ToolResult result = read(core, requests);
        string[] answers =
        [
            .. result.Output.Split('\n').Where(l => l.Length > 0 && l.All(c => c == '-' || char.IsAsciiHexDigitLower(c))),
        ];
        Assert.True(answers.Length == addresses.Length, $"{answers.Length} answers: {result.Errors}");

        AddressTranslator translator = space.NewTranslator();
        int present = 0;
        var differences = new List<string>();
        for (int i = 0; i < addresses.Length; i++)
        {
            string expected = Expect(space, translator, addresses[i], lengths[i]);
            if (expected != answers[i])
            {
                differences.Add($"0x{addresses[i]:x}, {lengths[i]} bytes: {expected}; read {answers[i]}");
            }

            present += expected == "-" ? 0 : 1;
        }

        output.WriteLine($"{folder.Name} ({Path.GetFileName(path)}): {addresses.Length} addresses, {present} read, "
            + $"{addresses.Length - present} not, {differences.Count} differences.");
        Assert.Equal([], differences.Take(10));
        Assert.True(
            present >= 1500 && addresses.Length - present >= 1500,
            $"{present} of {addresses.Length} can be read: too few, or too many.");
    }

    /// <summary>The bytes of the file that an address is resolved to, in hexadecimal; "-" where any isn't in the dump.</summary>
    private string Expect(AddressSpace space, AddressTranslator translator, ulong address, int length)
    {
        var text = new StringBuilder();
        for (int done = 0; done < length;)
        {
            ulong at = address + (ulong)done;
            ResolvedAddress resolved = space.Resolve(at);
            Translation translation = translator.Translate(at);
            Assert.Equal(translation.Status, resolved.Status);
            Assert.Equal(translation.IsMapped ? translation.PhysicalAddress : null, resolved.PhysicalAddress);
            Assert.Equal(resolved.Kind == RegionKind.Ram, resolved.FileOffset != null);

            // Where a tag is ignored it leads where the address without it does; a core has each page at one address.
            if (resolved.FileOffset is not { } offset
                || (space.Identity.Mode.Architecture == Architecture.AArch64 && at != WithoutTag(at)))
            {
                Assert.True(resolved.FileOffset == null || space.Resolve(WithoutTag(at)).FileOffset == resolved.FileOffset);
                return "-";
            }

            byte[] bytes = new byte[Math.Min(length - done, (int)(Page - (at % Page)))];
            if (!_files.TryGetValue(resolved.File!, out FileStream? file))
            {
                _files.Add(resolved.File!, file = File.OpenRead(resolved.File!));
            }

            file.Position = (long)offset;
            file.ReadExactly(bytes);
            text.Append(Convert.ToHexStringLower(bytes));
            done += bytes.Length;
        }

        return text.ToString();
    }
}
