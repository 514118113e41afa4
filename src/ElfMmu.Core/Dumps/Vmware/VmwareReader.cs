using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// VMware's suspended machines and snapshots: a state (.vmss, .vmsn) that holds the memory or has it in a .vmem beside it; whichever of the
/// two is opened. The memory is read in place.
/// </summary>
internal sealed class VmwareReader : IDumpReader
{
    public bool Matches(ReadOnlySpan<byte> head, string path) =>
        VmwareState.Matches(head) || (VmwareFiles.IsMemory(path) && VmwareFiles.StateOf(path, []) != null);

    public DumpContent Read(DataSource source, DumpOpening opening) => VmwareState.Matches(source)
        ? ReadState(source, opening)
        : ReadMemory(source, opening);

    private static DumpContent ReadMemory(DataSource source, DumpOpening opening)
    {
        var others = new List<string>();
        string path = VmwareFiles.StateOf(opening.Path, others) ?? throw new InvalidOperationException("There is no state.");
        DataSource state = opening.OpenSource(path);
        try
        {
            DumpContent content = Make(Open(state), source, isEmbedded: false, opening);
            content.Remarks.AddRange(others.Select(o =>
                $"'{o}' is beside '{source.Name}' too, and is left alone: a .vmss counts before a .vmsn, and a file that doesn't start like a state not at all."));
            return content;
        }
        catch (ElfMmuException e) when (e.Path == state.Name)
        {
            throw new ElfMmuException(
                e.ErrorId, e.Kind, $"{e.Message} Without that file beside it, '{source.Name}' opens as a raw image.", e)
            { Path = e.Path, Offset = e.Offset };
        }
        finally
        {
            state.Dispose();
        }
    }

    private static DumpContent ReadState(DataSource source, DumpOpening opening)
    {
        VmwareState state = Open(source);
        VmwareMemory memory = VmwareMemory.Read(state);
        if (memory.Embedded != null)
        {
            return Make(state, source, isEmbedded: true, opening);
        }

        if (VmwareFiles.MemoryOf(opening.Path) is not { } path)
        {
            throw new ElfMmuException(
                "NotAMemoryDump",
                ErrorKind.InvalidData,
                $"'{source.Name}' is the state of a VMware machine without its memory, which is in a .vmem file of the same name. Put that file "
                + "beside it.")
            { Path = source.Name };
        }

        DataSource data = opening.OpenSource(path);
        try
        {
            DumpContent content = Make(state, data, isEmbedded: false, opening);
            source.Dispose();
            return content;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static VmwareState Open(DataSource source) => VmwareState.Matches(source)
        ? VmwareState.Open(source)
        : throw new ElfMmuException(
            "DumpInconsistent",
            ErrorKind.InvalidData,
            $"'{source.Name}' has the name of a VMware machine's state, but doesn't start like one.")
        { Path = source.Name };

    /// <summary>Puts the picture together.</summary>
    /// <param name="state">The state.</param>
    /// <param name="source">The file that holds the memory.</param>
    /// <param name="isEmbedded">Whether that is the state's own file.</param>
    /// <param name="opening">How it is opened.</param>
    private static DumpContent Make(VmwareState state, DataSource source, bool isEmbedded, DumpOpening opening)
    {
        VmwareMemory memory = VmwareMemory.Read(state);
        if (isEmbedded && memory.Embedded is { IsPacked: true } packed)
        {
            throw new ElfMmuException(
                "DumpUnsupported",
                ErrorKind.NotSupported,
                $"The memory in '{source.Name}' is compressed as a whole, in a way that no public source describes. Resume the machine and suspend it "
                + "again with checkpoints uncompressed (mainMem.useNamedFile, or a product that writes a .vmem), or convert it with VMware's vmss2core.")
            { Path = source.Name, Offset = packed.Offset };
        }

        if (!isEmbedded && memory.Embedded != null)
        {
            state.Warnings.Add($"'{state.Source.Name}' holds memory itself; open it by that name to read that instead of '{source.Name}'.");
            memory.IgnoreEmbedded();
        }

        var facts = new VmwareFacts(state);
        IReadOnlyList<KeyValuePair<string, object>> details = facts.Read();
        IReadOnlyList<PhysicalRun> runs = memory.Place(source, facts.IsArm, opening.ZeroFill);
        if (runs.Count == 0)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' has 0x{source.Length:x} bytes and holds none of the memory that '{state.Source.Name}' describes. It is cut off, or "
                + "the two files don't belong together.")
            { Path = source.Name };
        }

        IReadOnlyList<Cpu> cpus = VmwareCpus.Read(state);
        ulong missing = MissingSize(state, source, facts, runs);
        var content = new DumpContent
        {
            Container = "VMware state and memory",
            Runs = runs,
            Machine = new Machine
            {
                Architecture = facts.IsArm ? Architecture.AArch64 : Architecture.X86,
                WordSize = facts.IsArm ? 64 : X86WordSize.Of(cpus, runs),
                Cpus = cpus,
            },
            MissingSize = Math.Max(missing, memory.MissingSize),
            Facts = new DumpFacts { Details = details },
            Files = isEmbedded ? [] : [state.Source.Name],
        };
        content.Remarks.Add($"'{state.Source.Name}' is the state of a VMware machine with {Plural.Of(cpus.Count, "processor")} and {memory.Describe()}; the memory is in "
            + $"'{source.Name}'.");
        content.Warnings.AddRange(state.Warnings.Distinct());
        return content;
    }

    /// <summary>How much of the machine's memory isn't there. Files of two states get mixed up easily: their names are alike.</summary>
    private static ulong MissingSize(VmwareState state, DataSource source, VmwareFacts facts, IReadOnlyList<PhysicalRun> runs)
    {
        ulong size = runs.Aggregate(0UL, (sum, r) => sum + r.Size);
        if (facts.MemorySize is not { } configured || configured <= size)
        {
            return 0;
        }

        state.Warnings.Add($"The machine of '{state.Source.Name}' has {ByteSize.Exact(configured)} of memory, and only {ByteSize.Exact(size)} of it are in "
            + $"'{source.Name}'. The file is cut off, or isn't the one that belongs to that state.");
        return configured - size;
    }
}
