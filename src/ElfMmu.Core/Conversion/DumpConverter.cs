using System.Globalization;
using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Inspection;
using ElfMmu.Memory;

namespace ElfMmu.Conversion;

/// <summary>
/// Writes an opened dump in another container: what is in its memory, and as much about its machine as the container has a place for. Zero pages
/// become holes; what is damaged is left out.
/// </summary>
public static class DumpConverter
{
    // Each piece is an open file until all of them are whole.
    private const int MostFiles = 200;

    /// <summary>
    /// Converts. O(bytes), each read once and written once, and hashed beside that on other threads, together with the dump's files as they
    /// are; memory is O(runs).
    /// </summary>
    /// <param name="dump">The dump.</param>
    /// <param name="options">Where to, and how.</param>
    /// <exception cref="ElfMmuException">
    /// <c>NotAMemoryDump</c>; <c>ConversionInvalid</c>: the options contradict each other; <c>NothingToConvert</c>, <c>OutputTooLarge</c>, <c>MachineTooLarge</c>,
    /// <c>TooManyPieces</c>, <c>WriteFailed</c>, <c>ReadFailed</c>, or what <see cref="OutputFiles"/> throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the outputs are as they were before.</exception>
    public static ConvertedDump Convert(MemoryDump dump, ConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(dump);
        ArgumentNullException.ThrowIfNull(options);
        Check(dump, options);
        List<MemoryPiece> runs = MemoryPiece.Of(dump.Memory);
        if (runs.Count == 0)
        {
            throw Nothing(dump);
        }

        using var outputs = new OutputFiles(options.NoClobber, options.Force, dump.Inputs);
        try
        {
            (DumpWriter writer, List<(string Path, MemoryPiece Shown)> files) = Open(dump, options, runs, outputs);
            OutputFile? machine = options.MachinePath == null ? null : outputs.Add(options.MachinePath);
            using var sources = new FileHashes(dump.Files, options.Cancellation);
            using var hash = new MemoryHash(options.Cancellation);
            var pump = new MemoryPump(dump.Memory, writer, hash);
            ulong done = 0;
            pump.Run(now => Report(done = now), options.Cancellation);
            if (writer.Pieces.Count == 0)
            {
                throw Nothing(dump);
            }

            string memorySha256 = hash.Finish();
            ConversionLoss? loss = ConversionLoss.Of(dump, pump.Damaged);
            HashedFile[] hashed = sources.Finish(() => Report(done));
            if (writer is ElfDumpWriter elf)
            {
                (elf.SourceSha256, elf.MemorySha256, elf.Loss) = (hashed[0].Sha256, memorySha256, loss);
            }

            ulong length = writer.Finish();
            ulong written = writer.Written;
            if (machine != null)
            {
                (MemoryPiece, string, ulong)[] ram = options.Format == DumpFormat.Raw ? [.. Described(writer, files, options.MachinePath!)] : [];
                byte[] text = MachineText.Of(dump.Machine, ram, loss, machine.Path);
                machine.Stream.Write(text);
                length += (ulong)text.Length;
                written += (ulong)text.Length;
            }

            Report(done);
            options.Cancellation.ThrowIfCancellationRequested();
            outputs.Commit();
            return new ConvertedDump
            {
                Path = options.Split ? machine!.Path : outputs.Paths[0],
                Format = options.Format,
                Files = Array.AsReadOnly<string>([.. outputs.Paths]),
                SourcePath = dump.Identity.Path,
                SourceContainer = dump.Container,
                SourceSha256 = hashed[0].Sha256,
                Sources = Array.AsReadOnly(hashed),
                MemorySha256 = memorySha256,
                MemorySize = dump.Memory.Size - pump.Damaged.Size,
                Runs = writer.Pieces.Count,
                Length = length,
                WrittenSize = written,
                DamagedBlocks = dump.Memory.Damage.Sum(d => d.Count),
                DamagedSize = pump.Damaged.Size,
                Warnings = Array.AsReadOnly<string>([.. Warnings(dump, writer, pump.Damaged, options)]),
            };

            void Report(ulong memory) => options.Progress?.Invoke(memory + sources.Done, Math.Max(dump.Memory.Size + sources.Size, memory + sources.Done));
        }
        catch (IOException e)
        {
            throw new ElfMmuException(
                "WriteFailed", ErrorKind.WriteError, $"Writing '{options.Path}' failed: {e.Message} What was there before is untouched.", e)
            { Path = options.Path };
        }
    }

    /// <summary>Checks whether a dump can be converted to where it is to go, and writes nothing.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="options">Where to, and how.</param>
    /// <exception cref="ElfMmuException">
    /// <c>NotAMemoryDump</c>: nothing says that it is memory, and it looks like something else; <c>ConversionInvalid</c>; or what
    /// <see cref="OutputFile.Check"/> throws.
    /// </exception>
    public static void Check(MemoryDump dump, ConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(dump);
        ArgumentNullException.ThrowIfNull(options);
        new DumpInspector().CheckIsMemory(dump);
        string? wrong = options switch
        {
            { Split: true, Format: not DumpFormat.Raw } => "Only a raw image can be split into pieces; the other formats hold several stretches of memory in one file.",
            { Split: true, MachinePath: null } => "Pieces without a machine description that says where they were can't be put together again. Name one.",
            { FromZero: true, Format: not DumpFormat.Raw } => "Only a raw image can begin at physical address 0 where there is no memory.",
            { FromZero: true, Split: true } => "Pieces begin where their memory does, and a file that begins at physical address 0 is one piece. Ask for one of both.",
            { Plain: true, Format: not DumpFormat.Elf } => "Only an ELF core has notes that can be left out.",
            _ => null,
        };
        if (wrong != null)
        {
            throw new ElfMmuException("ConversionInvalid", ErrorKind.InvalidArgument, wrong) { Path = options.Path };
        }

        // Of pieces the first part of the name is given only.
        foreach (string output in new[] { options.Split ? null : options.Path, options.MachinePath }.OfType<string>())
        {
            OutputFile.Check(output, options.NoClobber, options.Force, dump.Inputs);
        }
    }

    private static (DumpWriter Writer, List<(string Path, MemoryPiece Shown)> Files) Open(
        MemoryDump dump, ConversionOptions options, List<MemoryPiece> runs, OutputFiles outputs)
    {
        switch (options.Format)
        {
            case DumpFormat.Elf:
                return (new ElfDumpWriter(outputs.Add(options.Path), dump, options.Plain), []);
            case DumpFormat.Lime:
                return (new LimeWriter(outputs.Add(options.Path)), []);
        }

        List<MemoryPiece> shown = options.Split ? runs : [Whole(runs, options)];
        if (shown.Count > MostFiles)
        {
            throw new ElfMmuException(
                "TooManyPieces",
                ErrorKind.LimitsExceeded,
                $"The memory is in {shown.Count} stretches, and at most {MostFiles} can become files of their own. Convert to ELF, LiME or one raw image instead.")
            { Path = options.Path };
        }

        var files = shown.ConvertAll(s => (Output: outputs.Add(options.Split ? PieceOf(options.Path, s.Start) : options.Path), Shown: s));
        return (new RawWriter(files), files.ConvertAll(f => (f.Output.Path, f.Shown)));
    }

    /// <summary>The addresses that one raw image shows.</summary>
    private static MemoryPiece Whole(List<MemoryPiece> runs, ConversionOptions options)
    {
        ulong start = options.FromZero ? 0 : runs[0].Start;
        ulong last = runs[^1].Last - start;
        return last < long.MaxValue ? new MemoryPiece(start, last + 1) : throw new ElfMmuException(
            "OutputTooLarge",
            ErrorKind.LimitsExceeded,
            $"A raw image from physical 0x{start:x} to 0x{runs[^1].Last:x} is larger than any file can be. Split it, or convert to ELF or LiME.")
        { Path = options.Path };
    }

    /// <summary>The name of a piece: the address stands before the extension.</summary>
    private static string PieceOf(string path, ulong start) => Path.Combine(
        Path.GetDirectoryName(path)!,
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}-{start:x}{Path.GetExtension(path)}"));

    /// <summary>The memory in raw images, for the machine description.</summary>
    private static IEnumerable<(MemoryPiece Piece, string File, ulong Offset)> Described(
        DumpWriter writer, List<(string Path, MemoryPiece Shown)> files, string machinePath)
    {
        int file = 0;
        foreach (MemoryPiece piece in writer.Pieces)
        {
            while (piece.Start > files[file].Shown.Last)
            {
                file++;
            }

            string name = Path.GetRelativePath(Path.GetDirectoryName(machinePath)!, files[file].Path).Replace('\\', '/');
            yield return (piece, name, piece.Start - files[file].Shown.Start);
        }
    }

    private static IEnumerable<string> Warnings(MemoryDump dump, DumpWriter writer, DamagedStretches damaged, ConversionOptions options)
    {
        bool isBare = options is { Format: DumpFormat.Raw, MachinePath: null };
        if (!dump.IsPlaced && !isBare)
        {
            yield return $"Nothing says where the memory of '{dump.Identity.Path}' was; it is taken from physical 0 on, and so '{options.Path}' says. The RAM base, "
                + "where you know it, says it when the dump is converted.";
        }

        if (damaged.Size > 0)
        {
            yield return $"0x{damaged.Size:x} bytes of memory are left out because they are in damaged blocks of the dump, the first at physical "
                + $"0x{damaged.All[0].Start:x}{(isBare ? "; in a raw image nothing tells them from zeros" : "")}.";
        }

        if (isBare && writer.Pieces.Count > 1)
        {
            ulong between = writer.Pieces[^1].Last - writer.Pieces[0].Start + 1 - writer.Pieces.Aggregate(0UL, (sum, p) => sum + p.Size);
            yield return $"0x{between:x} bytes between {writer.Pieces.Count} stretches of memory aren't in the dump and are holes in '{options.Path}'; a "
                + "raw image can't tell them from zeros. A machine description beside it can.";
        }

        if (options is { Format: DumpFormat.Lime or DumpFormat.Raw, MachinePath: null } && dump.Machine.Cpus.Any(c => c.Registers.Count > 0))
        {
            int count = dump.Machine.Cpus.Count;
            yield return $"The registers of {(count == 1 ? "the processor" : $"{count} processors")} have no place in '{options.Path}'. A machine description beside it, or ELF, "
                + "would keep them.";
        }

        if (options.Format != DumpFormat.Elf && !dump.VmcoreInfo.IsEmpty)
        {
            yield return $"The kernel's VMCOREINFO has no place in '{options.Path}'. ELF would keep it.";
        }

        if (writer is ElfDumpWriter { IsWidened: true })
        {
            yield return "Addresses or offsets need more than 32 bits, so the core of this 32-bit machine is an ELF64 file.";
        }
    }

    private static ElfMmuException Nothing(MemoryDump dump) => new(
        "NothingToConvert",
        ErrorKind.InvalidData,
        $"'{dump.Identity.Path}' holds no physical memory that can be read, so there is nothing to convert.")
    { Path = dump.Identity.Path };
}
