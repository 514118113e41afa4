using System.Text;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Reading;

namespace ElfMmu.Images.Loading;

/// <summary>
/// Lays the segments of an ELF file, or the sections of a PE file, out as they lie in memory, and writes that as a flat file. The same for
/// an image in an address space, whose bytes are those of its memory.
/// </summary>
public static class ImageExpander
{
    private const int ChunkSize = 1 << 20;

    /// <summary>
    /// Expands one image. O(n log n) in its segments and O(bytes) in what they have; memory is O(n). Each byte is read once and written once,
    /// pages of zeros are holes.
    /// </summary>
    /// <param name="source">The ELF file, the PE file as an <see cref="ElfFileSource"/>, or an image in an address space.</param>
    /// <param name="options">Where to, and how.</param>
    /// <exception cref="ElfMmuException">
    /// <c>ImageFormatUnknown</c>, <c>NothingToLoad</c>, <c>ImageTooLarge</c>, <c>BaseInvalid</c>, <c>LoadAddressInvalid</c>,
    /// <c>AddressKindInvalid</c>, <c>DescriptionExists</c>, <c>WriteFailed</c>, or what <see cref="IElfSource.OpenElf"/> and
    /// <see cref="OutputFile"/> throw.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the outputs are as they were before.</exception>
    public static MemoryImage Expand(IElfSource source, ExpandOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (source is MappedImage { Kind: ImageKind.Pe } image)
        {
            using var memory = new MappedImageInput(image, options.Cancellation);
            return Write(PeLoadPlan.Of(memory, source.Path, image.State == ImageState.Loaded ? image.Address : null, options), source, options);
        }

        if (source is ElfFileSource)
        {
            using var input = new ElfFileInput(source.Path);
            Span<byte> start = stackalloc byte[4];
            start = start[..(int)Math.Min(input.Length, 4)];
            input.Read(0, start);
            if (start.StartsWith("MZ"u8))
            {
                return Write(PeLoadPlan.Of(input, source.Path, null, options), source, options);
            }

            if (!ElfReader.IsElf(start))
            {
                throw new ElfMmuException("ImageFormatUnknown", ErrorKind.InvalidData,
                    $"'{source.Path}' is neither ELF nor PE, so there are no segments to lay out; its first bytes are "
                    + $"{(start.IsEmpty ? "missing" : Convert.ToHexStringLower(start))}. Name an executable, a library or a core.")
                { Path = source.Path };
            }
        }

        using ElfFile file = source.OpenElf(options.Cancellation);
        return Write(ElfLoadPlan.Of(file, options), file.Source, options, file.Diagnostics);
    }

    private static MemoryImage Write(LoadPlan plan, IElfSource source, ExpandOptions options, ElfDiagnostics? found = null)
    {
        LoadLayout layout = LoadLayout.Of(plan, source.Path, options);
        if (layout.Overlap() is var (one, other))
        {
            string hint = one.Linked == other.Linked && options.AddressKind == ImageAddressKind.Virtual && plan.Type == "ET_CORE"
                ? " They may be told apart by their physical addresses; lay them out by these."
                : "";
            plan.Diagnostics.Add(new ElfDiagnostic("SegmentsOverlap",
                $"'{other.Name}' {other.Index} at 0x{other.Address:x} overlaps '{one.Name}' {one.Index}, which ends at 0x{one.Last:x}; where they "
                + "do, the later one was taken." + hint));
        }

        string? beside = options.WithDescription ? ImageDescription.PathOf(options.Path) : null;
        string[] inputs = plan.Input is MappedImageInput memory ? [.. memory.Files] : [source.Path, plan.Input.Name];
        inputs = [.. inputs.Where(Path.IsPathFullyQualified)];
        if (beside != null && !options.Force && File.Exists(beside) && !ImageDescription.IsOne(beside))
        {
            throw new ElfMmuException("DescriptionExists", ErrorKind.ResourceExists,
                $"'{beside}' exists and wasn't written together with an image, so it isn't replaced. Choose another name for the image, leave the "
                + "description out, or replace it by force.")
            { Path = beside };
        }

        using var output = new OutputFile(options.Path, options.NoClobber, options.Force, inputs);
        using OutputFile? description = beside == null ? null : new OutputFile(beside, options.NoClobber, options.Force, inputs);
        try
        {
            var absent = new List<AbsentRange>();
            (ulong written, ulong absentBytes, bool isCut) = Copy(plan, layout, output, absent, options);
            if (isCut)
            {
                plan.Diagnostics.Add(new ElfDiagnostic("MorePagesAbsent", $"Only the first {AbsenceList.Most} of the ranges that aren't there are listed."));
            }

            var image = new MemoryImage
            {
                Path = output.Path,
                DescriptionPath = description?.Path,
                Source = source.Path,
                BaseAddress = layout.Base,
                Size = layout.Size,
                AddressKind = options.AddressKind,
                EntryPoint = plan.EntryPoint,
                LoadBias = plan.LoadBias,
                Kind = plan.Kind,
                Machine = plan.Machine,
                Architecture = plan.Architecture,
                Type = plan.Type,
                Class = plan.Class,
                ByteOrder = plan.ByteOrder,
                IsFromMemory = plan.Input is MappedImageInput && source is MappedImage { State: ImageState.Loaded },
                Regions = [.. layout.Pieces.Select(p => new MemoryImageRegion(
                    p.Index, p.Name, p.Address, p.Size, p.Linked, p.Address - layout.Base, p.SourceSize, RightsFormat.Format(p.Rights)))],
                Absent = absent,
                AbsentBytes = absentBytes,
                WrittenBytes = written,
                Diagnostics = [.. found ?? [], .. plan.Diagnostics],
            };
            description?.Stream.Write(Encoding.UTF8.GetBytes(ImageDescription.Of(image, plan.WordSize)));
            options.Cancellation.ThrowIfCancellationRequested();
            output.Commit();
            description?.Commit();
            return image;
        }
        catch (IOException e)
        {
            throw new ElfMmuException(
                "WriteFailed", ErrorKind.WriteError, $"Writing '{options.Path}' failed: {e.Message} What was there before is untouched.", e)
            { Path = options.Path };
        }
    }

    private static (ulong Written, ulong AbsentBytes, bool IsCut) Copy(
        LoadPlan plan, LoadLayout layout, OutputFile output, List<AbsentRange> absent, ExpandOptions options)
    {
        var writer = new SparseFileWriter(output.Stream.SafeFileHandle);
        var copier = new ZeroSkippingCopier(writer);
        LoadCopy[] copies = [.. layout.Copies()];
        ulong total = copies.Aggregate(0UL, (sum, c) => sum + c.Size);
        ulong done = 0;
        ulong absentBytes = 0;
        var kept = new AbsenceList();
        byte[] buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(ChunkSize, total));
        var lacking = new List<AbsentRange>();
        foreach (LoadCopy copy in copies)
        {
            LoadPiece piece = layout.Pieces[copy.Piece].Cut(copy.Address, copy.Address + (copy.Size - 1))!.Value;
            for (ulong at = 0; at < piece.SourceSize;)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min((ulong)buffer.Length, piece.SourceSize - at));
                if (plan.Input is MappedImageInput memory)
                {
                    lacking.Clear();
                    memory.Read(piece.SourceOffset + at, chunk, lacking);
                    foreach (AbsentRange range in lacking)
                    {
                        // Of an image that lies in memory as its file does, they are at other addresses than its bytes will be.
                        ulong within = range.Address - memory.Address - piece.SourceOffset;
                        Keep(range with { Address = piece.Address + within });
                    }
                }
                else
                {
                    plan.Input.Read(piece.SourceOffset + at, chunk);
                }

                copier.Copy(piece.Address - layout.Base + at, chunk);
                at += (ulong)chunk.Length;
                options.Progress?.Invoke(done + at, total);
            }

            if (piece.AbsentSize > 0)
            {
                Keep(new AbsentRange(piece.Address + piece.SourceSize, piece.AbsentSize, AbsenceReason.NotInFile, null));
            }

            done += piece.Size;
        }

        writer.Finish(layout.Size);
        absent.AddRange(kept.Ranges);
        return (copier.Written, absentBytes, kept.IsCut);

        void Keep(AbsentRange range)
        {
            absentBytes += range.Size;
            kept.Add(range);
        }
    }
}
