using ElfMmu.Dwarf;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;
using ElfMmu.Elf.Writing;
using ElfMmu.Export;

namespace ElfMmu.Companions;

/// <summary>
/// Writes companion files: ELF executables without content that carry what a core doesn't, namely symbols, ranges of addresses as sections,
/// and debug information. A debugger opens one beside the core and reads memory from the core.
/// </summary>
public static class CompanionExporter
{
    /// <summary>Writes a companion. O(symbols × log symbols + types + lines).</summary>
    /// <param name="symbols">The symbols; those of one name and address become one.</param>
    /// <param name="options">What else is to be in it, and where it goes.</param>
    /// <param name="notes">What was odd in the sources; it becomes part of the summary's warnings.</param>
    /// <exception cref="ElfMmuException">
    /// <c>NothingToExport</c>: there are no symbols, sections or types. <c>SymbolAddressTooLarge</c>: an address is more than 32 bits wide,
    /// and the target isn't. <c>CompanionNeedsDwarf</c>: what only debug information can hold was given, and no version of it. What
    /// <see cref="OutputFile"/> and <see cref="DwarfWriter"/> throw.
    /// </exception>
    public static CompanionSummary Export(IEnumerable<CompanionSymbol> symbols, CompanionOptions options, SourceNotes notes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(notes);
        CheckDwarf(options);
        CompanionTarget target = options.Target;
        if (target is { Machine: ElfMachine.Mips, Class: ElfClass.Elf32 })
        {
            symbols = symbols.Select(s => s with { Address = target.Narrow(s.Address) });
            options = options with { Lines = [.. options.Lines.Select(l => l with { Address = target.Narrow(l.Address) })] };
        }

        List<CompanionSymbol> merged = SymbolMerger.Merge(symbols);
        if (merged.Count == 0 && options.Sections.Count == 0 && options.Types.Count == 0)
        {
            throw new ElfMmuException("NothingToExport", ErrorKind.InvalidData,
                $"There is no symbol to write to '{options.Path}', and no section and no type."
                + string.Concat(notes.Warnings.Take(1).Select(w => " " + w)));
        }

        CheckAddresses(merged, options);
        CompanionTypeIndex? types = options.Dwarf is { } version ? CompanionTypeIndex.Read(options, version) : null;
        if (types != null)
        {
            merged = merged.ConvertAll(s => Typed(s, types, notes));
        }

        (PlacedSymbol[] placed, IReadOnlyList<CompanionRange> ranges) =
            SymbolPlacer.Place(merged, options.Sections, options.CoreRanges, options.InferSizes, notes);
        options.Cancellation.ThrowIfCancellationRequested();
        CompanionDebug? debug = types == null ? null : CompanionDebug.Make(placed, ranges, types, options, notes);
        options.Cancellation.ThrowIfCancellationRequested();
        ElfModel model = Model(placed, ranges, options, debug);
        long length;
        using (var output = new OutputFile(options.Path, options.NoClobber, options.Force, options.Inputs))
        {
            length = Write(model, output, options.Cancellation);
            options.Cancellation.ThrowIfCancellationRequested();
            output.Commit();
        }

        return new CompanionSummary(
            options.Path,
            options.Target,
            (ulong)length,
            placed.Length,
            ranges.Count,
            options.Dwarf,
            debug?.Types ?? 0,
            debug?.Variables ?? 0,
            debug?.Functions ?? 0,
            debug?.Lines ?? 0,
            notes.Warnings);
    }

    /// <summary>Gives a symbol what its type in C says: its size, and whether it is data or code.</summary>
    private static CompanionSymbol Typed(CompanionSymbol symbol, CompanionTypeIndex types, SourceNotes notes)
    {
        switch (types.TypeOf(symbol, out ulong? size))
        {
            case null:
                if (symbol.DataType != null)
                {
                    notes.Add("Types", 0, "has a type that nothing defines, and is no variable", $"{symbol.DataType} {symbol.Name}");
                }

                return symbol;
            case DwarfFunctionType:
                return symbol with { Type = symbol.Type is null or ElfSymbolType.None ? ElfSymbolType.Function : symbol.Type };
            default:
                return symbol with
                {
                    Size = symbol.Size ?? size,
                    Type = symbol.Type is null or ElfSymbolType.None ? ElfSymbolType.Object : symbol.Type,
                };
        }
    }

    private static long Write(ElfModel model, OutputFile output, CancellationToken cancellation)
    {
        try
        {
            using var buffered = new BufferedStream(output.Stream, 1 << 20);
            long length = model.Write(buffered, cancellation);
            buffered.Flush();
            return length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException("WriteFailed", ErrorKind.WriteError, $"Writing '{output.Path}' failed: {e.Message}", e)
            { Path = output.Path };
        }
    }

    private static void CheckDwarf(CompanionOptions options)
    {
        if (options.Dwarf == null
            && (options.Types.Count > 0 || options.Lines.Count > 0 || options.Constants.Count > 0 || options.Frame != CompanionFrame.None))
        {
            throw new ElfMmuException("CompanionNeedsDwarf", ErrorKind.InvalidArgument,
                "Types, constants, lines of source and frames are debug information; say which version of DWARF to write, 4 or 5.");
        }
    }

    private static void CheckAddresses(List<CompanionSymbol> symbols, CompanionOptions options)
    {
        ulong highest = options.Target.MaximumAddress;
        if (symbols.Find(s => s.Address > highest) is { } symbol)
        {
            throw TooLarge($"Symbol '{symbol.Name}'", symbol.Address, options);
        }

        if (options.Sections.FirstOrDefault(r => r.Addresses.Last > highest) is { } range)
        {
            throw TooLarge($"Section '{range.Name}'", range.Addresses.Last, options);
        }

        if (options.Lines.FirstOrDefault(l => l.Address > highest) is { } line)
        {
            throw TooLarge($"Line {line.Line} of '{line.File}'", line.Address, options);
        }
    }

    private static ElfMmuException TooLarge(string what, ulong address, CompanionOptions options) => new(
        "SymbolAddressTooLarge",
        ErrorKind.InvalidData,
        $"{what} is at 0x{address:x}, and addresses of {ElfNames.Machine(options.Target.Machine)} with {ElfNames.Class(options.Target.Class)} "
        + $"end at 0x{options.Target.MaximumAddress:x}. Is the core of the same machine as the symbols?")
    { Path = options.Path };

    private static ElfModel Model(
        PlacedSymbol[] placed, IReadOnlyList<CompanionRange> ranges, CompanionOptions options, CompanionDebug? debug)
    {
        CompanionTarget target = options.Target;
        var model = new ElfModel
        {
            Class = target.Class,
            Data = target.Data,
            OsAbi = target.OsAbi,
            AbiVersion = target.AbiVersion,
            Type = ElfType.Executable,
            Machine = target.Machine,
            Flags = target.Flags,
        };
        ElfModelSection[] sections = CompanionSections.Make(ranges);
        model.Sections.AddRange(sections);

        // An executable has segments. These have no bytes in the file, so that nobody reads memory here instead of in the core.
        model.Segments.AddRange(sections.OrderBy(s => s.Address).Select(CompanionSections.Segment));
        if (sections.Length == 0)
        {
            model.Segments.Add(new ElfModelSegment(ElfSegmentType.Null));
        }

        foreach (DwarfSection section in debug?.Sections ?? [])
        {
            model.Sections.Add(new ElfModelSection(section.Name)
            {
                Content = section.Content,
                Flags = section.Flags,
                EntrySize = section.EntrySize,
            });
        }

        bool thumb = options.Thumb && target.Machine == ElfMachine.Arm;
        foreach (PlacedSymbol item in placed)
        {
            CompanionSymbol symbol = item.Symbol;
            model.Symbols.Add(new ElfModelSymbol(symbol.Name, symbol.Address | (thumb && item is { IsFunction: true, HasAddress: true } ? 1ul : 0))
            {
                Size = Math.Min(item.Size, target.MaximumAddress),
                Type = (byte)item.Type,
                Binding = (byte)symbol.Binding,
                Visibility = (byte)(symbol.Visibility & 3),
                Section = item.Section >= 0 ? sections[item.Section] : null,
                SectionIndex = symbol.Place == SymbolPlace.Undefined ? ElfModelSymbolNumbers.Undefined : ElfModelSymbolNumbers.Absolute,
            });
        }

        return model;
    }
}
