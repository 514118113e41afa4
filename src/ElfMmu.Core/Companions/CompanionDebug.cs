using ElfMmu.Dwarf;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>The debug information of a companion.</summary>
/// <param name="Sections">Its sections.</param>
/// <param name="Types">How many types the texts define.</param>
/// <param name="Variables">How many variables have a type.</param>
/// <param name="Functions">How many functions there are.</param>
/// <param name="Lines">How many addresses have a line of source.</param>
internal sealed record CompanionDebug(IReadOnlyList<DwarfSection> Sections, int Types, int Variables, int Functions, int Lines)
{
    /// <summary>Makes it. O(n log n) in symbols and lines.</summary>
    public static CompanionDebug Make(
        PlacedSymbol[] placed, IReadOnlyList<CompanionRange> ranges, CompanionTypeIndex types, CompanionOptions options, SourceNotes notes)
    {
        var unit = new DwarfUnit
        {
            Name = System.IO.Path.GetFileName(options.Path),
            Directory = options.SourceFolder,
        };
        foreach (DwarfTypeLibrary library in types.Libraries)
        {
            library.AddTo(unit);
        }

        // Where a symbol is counts more than where a text of types says, which doesn't know how far the kernel was moved.
        HashSet<string> names = [.. placed.Where(p => p.Symbol.Place != SymbolPlace.Undefined).Select(p => p.Symbol.Name)];
        unit.Variables.RemoveAll(v => names.Contains(v.Name));
        unit.Functions.RemoveAll(f => names.Contains(f.Name));
        unit.Constants.AddRange(options.Constants.Select(c => new DwarfConstant(c.Key, c.Value, types.ConstantType(c.Value))));
        AddVariables(unit, placed, types);
        AddFunctions(unit, placed, types, options);
        int lines = CompanionLines.AddTo(unit, options.Lines, ranges, notes);
        return new CompanionDebug(
            DwarfWriter.Write(unit, types.Target),
            types.Libraries.Sum(l => l.Types.Count),
            unit.Variables.Count,
            unit.Functions.Count,
            lines);
    }

    private static void AddVariables(DwarfUnit unit, PlacedSymbol[] placed, CompanionTypeIndex types)
    {
        HashSet<(string, ulong)> declared = [.. unit.Variables.Select(v => (v.Name, v.Address))];
        foreach (PlacedSymbol item in placed)
        {
            CompanionSymbol symbol = item.Symbol;
            if (symbol.Place != SymbolPlace.Undefined && types.TypeOf(symbol) is { } type and not DwarfFunctionType
                && declared.Add((symbol.Name, symbol.Address)))
            {
                unit.Variables.Add(new DwarfVariable(symbol.Name, symbol.Address, type, symbol.Binding != ElfSymbolBinding.Local)
                {
                    File = symbol.File,
                    Line = symbol.File == null ? 0 : (uint)(symbol.Line ?? 0),
                });
            }
        }
    }

    /// <summary>
    /// Adds a function for each address that has one. Of several names the one most is known of stands for it, and a function ends at the
    /// latest where the next one starts: debuggers find what an address belongs to, and it can't be two. No section is needed for that:
    /// cores of programs may lack the code, which is in their files.
    /// </summary>
    private static void AddFunctions(DwarfUnit unit, PlacedSymbol[] placed, CompanionTypeIndex types, CompanionOptions options)
    {
        ulong mask = options.Target.Machine == ElfMachine.Arm ? ~1ul : ulong.MaxValue;
        HashSet<ulong> declared = [.. unit.Functions.Select(f => f.Address)];
        PlacedSymbol[] functions =
        [
            .. placed.Where(p => p is { HasAddress: true, Size: > 0 } && IsCode(p, types))
                .OrderBy(p => p.Symbol.Address & mask)
                .ThenByDescending(p => Knowledge(p, types)),
        ];
        for (int i = 0; i < functions.Length;)
        {
            PlacedSymbol item = functions[i];
            CompanionSymbol symbol = item.Symbol;
            ulong address = symbol.Address & mask;
            do
            {
                i++;
            }
            while (i < functions.Length && (functions[i].Symbol.Address & mask) == address);
            ulong size = i < functions.Length ? Math.Min(item.Size, (functions[i].Symbol.Address & mask) - address) : item.Size;
            if (declared.Contains(address))
            {
                continue;
            }

            unit.Functions.Add(new DwarfFunction(
                symbol.Name, address, size, types.TypeOf(symbol) as DwarfFunctionType, symbol.Binding != ElfSymbolBinding.Local)
            {
                File = symbol.File,
                Line = symbol.File == null ? 0 : (uint)(symbol.Line ?? 0),
                Frame = FrameOf(symbol.Frame ?? options.Frame, size, options),
            });
        }
    }

    private static DwarfFrame? FrameOf(CompanionFrame frame, ulong size, CompanionOptions options) => frame switch
    {
        CompanionFrame.Leaf => DwarfFrame.Leaf,

        // A function that is no longer than the prologue never gets its frame.
        CompanionFrame.FramePointer when size <= options.PrologueSize => DwarfFrame.Leaf,
        CompanionFrame.FramePointer => DwarfFrame.FramePointer(options.PrologueSize, options.FrameSize),
        _ => null,
    };

    private static bool IsCode(PlacedSymbol item, CompanionTypeIndex types) =>
        item.IsFunction && (item.Symbol.DataType == null || types.TypeOf(item.Symbol) is DwarfFunctionType);

    private static int Knowledge(PlacedSymbol item, CompanionTypeIndex types) =>
        (types.Declaration(item.Symbol.Name) != null ? 8 : 0)
        + (item.Symbol.File != null ? 4 : 0)
        + (item.Symbol.Binding == ElfSymbolBinding.Global ? 2 : item.Symbol.Binding == ElfSymbolBinding.Weak ? 1 : 0);
}
