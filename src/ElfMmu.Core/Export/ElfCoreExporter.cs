using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Memory;
using ElfMmu.Spaces;
using ElfMmu.Windows;

namespace ElfMmu.Export;

/// <summary>
/// Writes an address space as an ELF core. The data part is the union of the physical memory the segments use, in physical
/// order and each byte once, so pages shared in the address space are shared in the file; zero pages are holes.
/// </summary>
public static class ElfCoreExporter
{
    private const int PieceSize = 16 << 20;
    private const int HeaderBatch = 16384;

    /// <summary>
    /// Exports segments. O(s log s) in the number of segments and O(b) in the bytes of memory they use, read once and written
    /// once, or twice where some of them turn out to be damaged and are left out; memory is O(s).
    /// </summary>
    /// <param name="dump">The dump that holds the memory.</param>
    /// <param name="space">The address space the segments belong to.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="options">Where to, and how.</param>
    /// <exception cref="ElfMmuException">
    /// <c>NothingToExport</c>, <c>MappingConflict</c>, <c>MappingOutsideRam</c>, <c>WriteFailed</c>, or what
    /// <see cref="OutputFile"/> throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the output is as it was before.</exception>
    public static ExportSummary Export(MemoryDump dump, SpaceIdentity space, CoreSegments segments, ExportOptions options)
    {
        CoreSegment[] sorted = segments.ToSortedArray();
        if (sorted.Length == 0)
        {
            throw new ElfMmuException(
                "NothingToExport",
                ErrorKind.InvalidData,
                options.Ranges is { } ranges
                    ? $"Root 0x{space.Root:x} in '{space.Dump.Path}' maps no RAM at {ranges}, or none that the filters let pass, so there is "
                        + "nothing to export. Check the addresses."
                    : $"No mapping of RAM is left of root 0x{space.Root:x} in '{space.Dump.Path}', so there is nothing to export. Check the "
                        + "root and the filters.")
            { Path = space.Dump.Path };
        }

        CoreLayout layout = CoreLayout.Choose(dump, space, sorted, segments, options);
        using var output = new OutputFile(options.Path, options.NoClobber, options.Force, dump.Inputs);
        try
        {
            var damaged = new DamagedStretches();
            ulong written = Write(output, dump, layout, sorted, options, damaged);
            if (damaged.Size > 0)
            {
                // Only reading tells what can't be unpacked. What is left is laid out again, and all of it was sound a moment ago.
                sorted = SoundSegments.Of(sorted, damaged.All);
                if (sorted.Length == 0)
                {
                    throw NothingSound(space, damaged);
                }

                layout = CoreLayout.Choose(dump, space, sorted, segments, options);
                output.Stream.SetLength(0);
                written = Write(output, dump, layout, sorted, options, null);
            }

            options.Cancellation.ThrowIfCancellationRequested();
            output.Commit();
            return new ExportSummary(
                output.Path,
                layout.Target.Class,
                sorted.Length,
                layout.Extents.EndOffset,
                layout.Extents.Size,
                written,
                layout.Cpus,
                [.. Warnings(dump, space, segments, layout, damaged), .. CutSegments.Missing(options.Ranges, sorted)]);
        }
        catch (IOException e)
        {
            throw new ElfMmuException(
                "WriteFailed", ErrorKind.WriteError, $"Writing '{options.Path}' failed: {e.Message} What was there before is untouched.", e)
            { Path = options.Path };
        }
    }

    /// <summary>Writes the whole file.</summary>
    /// <returns>How many bytes of memory were written.</returns>
    private static ulong Write(
        OutputFile output, MemoryDump dump, CoreLayout layout, CoreSegment[] segments, ExportOptions options, DamagedStretches? damaged)
    {
        var writer = new SparseFileWriter(output.Stream.SafeFileHandle);
        WriteHeaders(writer, layout, segments, options);
        ulong written = WriteData(writer, dump.Memory, layout.Extents, options, damaged);
        writer.Finish(layout.Extents.EndOffset);
        return written;
    }

    private static ElfMmuException NothingSound(SpaceIdentity space, DamagedStretches damaged) => new(
        "NothingToExport",
        ErrorKind.InvalidData,
        $"All 0x{damaged.Size:x} bytes that are to be exported of root 0x{space.Root:x} in '{space.Dump.Path}' are in damaged blocks, the first at "
        + $"physical 0x{damaged.All[0].Start:x}, so there is nothing to export. They can be read as zeros if that is asked for.")
    { Path = space.Dump.Path };

    private static List<string> Warnings(
        MemoryDump dump, SpaceIdentity space, CoreSegments segments, CoreLayout layout, DamagedStretches damaged)
    {
        var warnings = new List<string>();
        if (damaged.Size > 0)
        {
            warnings.Add($"0x{damaged.Size:x} bytes of memory are left out because they are in damaged blocks of the dump, the first at physical "
                + $"0x{damaged.All[0].Start:x}: the segments that lead there are cut.");
        }

        if (segments.LeftOut > 0)
        {
            warnings.Add($"{segments.LeftOut} mappings to devices or absent memory are left out: the dump has no bytes for them.");
        }

        if (space.Mode.WordSize == 32 && layout.Target.Class == ElfClass.Elf64)
        {
            warnings.Add("Physical addresses or offsets need more than 32 bits, so the core of this 32-bit space is an ELF64 file.");
        }

        int[] unsure = [.. WindowsProcessors.Of(dump)
            .Where(c => layout.Cpus.Contains(c.Index) && space.Mode.RootRegister.In(c.Registers) == null).Select(c => c.Index)];
        if (unsure.Length > 0)
        {
            warnings.Add($"The dump holds registers of CPU {string.Join(", ", unsure)} but not {space.Mode.RootRegister}, so it isn't known "
                + "whether they belong to this address space. They are in the core.");
        }

        return warnings;
    }

    private static void WriteHeaders(SparseFileWriter writer, CoreLayout layout, CoreSegment[] segments, ExportOptions options)
    {
        CoreTarget target = layout.Target;
        byte[] header = new byte[ElfEncoder.HeaderSize(target.Class)];
        ElfEncoder.WriteHeader(header, layout.Elf);
        writer.Write(0, header);
        int entrySize = ElfEncoder.ProgramHeaderSize(target.Class);
        byte[] batch = new byte[entrySize * Math.Min(HeaderBatch, segments.Length + 1)];
        ElfEncoder.WriteProgramHeader(batch, target.Class, target.Data, new ElfProgramHeader
        {
            Type = ElfSegmentType.Note,
            Flags = ElfSegmentFlags.Read,
            Offset = layout.NotesOffset,
            FileSize = (ulong)layout.Notes.Length,
            Alignment = 4,
        });
        int used = entrySize;
        ulong position = (ulong)header.Length;
        foreach (int index in layout.Order(segments, options.Order))
        {
            if (used == batch.Length)
            {
                Flush();
            }

            ref readonly CoreSegment segment = ref segments[index];
            ElfEncoder.WriteProgramHeader(batch.AsSpan(used), target.Class, target.Data, new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = segment.Flags,
                Offset = layout.Extents.OffsetOf(segment.PhysicalAddress),
                VirtualAddress = segment.VirtualAddress,
                PhysicalAddress = segment.PhysicalAddress,
                FileSize = segment.Size,
                MemorySize = segment.Size,
                Alignment = layout.PageSize,
            });
            used += entrySize;
        }

        Flush();
        writer.Write(layout.NotesOffset, layout.Notes);
        if (layout.Elf.NeedsSectionZero)
        {
            byte[] section = new byte[ElfEncoder.SectionHeaderSize(target.Class)];
            ElfEncoder.WriteSectionZero(section, layout.Elf);
            writer.Write(layout.Elf.SectionHeaderOffset, section);
        }

        void Flush()
        {
            options.Cancellation.ThrowIfCancellationRequested();
            writer.Write(position, batch.AsSpan(0, used));
            position += (ulong)used;
            used = 0;
        }
    }

    private static unsafe ulong WriteData(SparseFileWriter writer, PhysicalMemory memory, PhysicalExtents extents, ExportOptions options, DamagedStretches? damaged)
    {
        var copier = new ZeroSkippingCopier(writer);
        ulong done = 0;
        ulong nextReport = 0;
        byte[]? buffer = null;
        var holes = new HoleCursor();
        int hint = 0;
        for (int i = 0; i < extents.Count; i++)
        {
            (ulong start, ulong left, ulong offset) = extents[i];
            while (left > 0)
            {
                if (done >= nextReport)
                {
                    options.Cancellation.ThrowIfCancellationRequested();
                    options.Progress?.Invoke(done, extents.Size);
                    nextReport = done + PieceSize;
                }

                if (!memory.TryFind(start, ref hint))
                {
                    throw new ElfMmuException(
                        "MappingOutsideRam",
                        ErrorKind.InvalidArgument,
                        $"A mapping to physical 0x{start:x} isn't in the dump's memory. The mappings belong to another dump, or to "
                        + "another RAM base.");
                }

                PhysicalRun run = memory.Runs[hint];
                ulong within = start - run.Start;
                ulong source = run.Offset + within;
                ulong size = Math.Min(left, run.Size - within);
                holes.LookAt(run.Source, source, ref size);

                // What is a hole in the dump becomes one in the core.
                if (!holes.InHole)
                {
                    size = Math.Min(size, PieceSize);
                    byte* pointer = run.Source.Pointer;
                    if (pointer != null && !holes.OnIsland)
                    {
                        run.Source.CheckLength();
                        copier.Copy(offset, new ReadOnlySpan<byte>(pointer + source, (int)size));
                    }
                    else
                    {
                        buffer ??= GC.AllocateUninitializedArray<byte>(PieceSize);
                        Span<byte> piece = buffer.AsSpan(0, (int)size);
                        if (damaged == null || run.Source.Damage == null)
                        {
                            run.Source.ReadIsland(source, piece);
                        }
                        else
                        {
                            damaged.Read(run.Source, source, start, piece);
                        }

                        copier.Copy(offset, piece);
                    }
                }

                start += size;
                offset += size;
                left -= size;
                done += size;
            }
        }

        // The last piece may have been copied out of a mapping that nothing else needs any more.
        GC.KeepAlive(memory);
        options.Progress?.Invoke(done, extents.Size);
        return copier.Written;
    }
}
