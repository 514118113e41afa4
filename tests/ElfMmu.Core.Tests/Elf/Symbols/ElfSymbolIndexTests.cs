using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Elf.Fuzzing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Elf.Symbols;

/// <summary>Finding symbols by address and by name, against looking at every symbol.</summary>
public sealed class ElfSymbolIndexTests
{
    private const ulong Start = 0x1000;
    private const int Size = 0x40;

    [Fact]
    public void An_address_is_in_the_symbol_that_a_look_at_all_of_them_finds() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            ElfSymbolTable[] tables = Tables(new Random(seed));
            var index = new ElfSymbolIndex(tables);
            ElfSymbol[] symbols = [.. tables.SelectMany(t => t.Symbols).Where(s => s.Name.Length > 0 && s.Type != ElfSymbolType.Section && s.Address != null)];
            for (ulong address = Start - 2; address < Start + Size + 4; address++)
            {
                ElfSymbol? found = index.At(address);
                Assert.Equal(Look(symbols, address)?.Index, found?.Index);
                Assert.Equal(found == null ? null : address - found.Address, found?.MatchOffset);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_name_has_the_symbols_that_a_look_at_all_of_them_finds() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            ElfSymbolTable[] tables = Tables(new Random(seed));
            var index = new ElfSymbolIndex(tables);
            foreach (string name in new[] { "a", "b", "c", "none" })
            {
                Assert.Equal(
                    tables.SelectMany(t => t.Symbols).Where(s => s.Name == name).Select(s => s.Index),
                    index.Named(name).Select(s => s.Index));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    /// <summary>What covers the address and starts last, or else a label below it in the same section.</summary>
    private static ElfSymbol? Look(ElfSymbol[] symbols, ulong address)
    {
        ElfSymbol[] below = [.. symbols.Where(s => s.Address <= address).OrderBy(s => s.Address).ThenBy(Rank).ThenByDescending(s => s.Index)];
        return below.LastOrDefault(s => address < s.EndAddress)
            ?? (below.LastOrDefault() is { Size: 0 } label && address < Start + Size ? label : null);
    }

    private static int Rank(ElfSymbol symbol) =>
        (symbol.Type is ElfSymbolType.Function or ElfSymbolType.Object ? 10 : 0)
        + (symbol.Binding == ElfSymbolBinding.Global ? 2 : symbol.Binding == ElfSymbolBinding.Weak ? 1 : 0);

    /// <summary>A few symbols of few names, which start and end at few places.</summary>
    private static ElfSymbolTable[] Tables(Random random)
    {
        var model = new ElfModel { Type = ElfType.Executable, Machine = ElfMachine.X86_64 };
        var text = new ElfModelSection(".text") { Address = Start, Content = new byte[Size] };
        model.Sections.Add(text);
        for (int i = random.Next(12); i >= 0; i--)
        {
            ulong offset = (ulong)random.Next(Size / 4) * 4;
            model.Symbols.Add(new ElfModelSymbol(((char)('a' + random.Next(4))).ToString(), Start + offset, text)
            {
                Size = (ulong)random.Next(4) * 6,
                Type = (byte)random.Next(4),
                Binding = (byte)random.Next(3),
            });
        }

        using ElfFile file = new MemorySource(model.ToArray()).OpenElf();
        return [.. ElfSymbolTables.Of(file)];
    }
}
