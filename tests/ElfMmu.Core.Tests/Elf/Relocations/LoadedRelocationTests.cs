using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;
using ElfMmu.Elf.Symbols;
using ElfMmu.Images;
using ElfMmu.Tests.Images;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Relocations;

/// <summary>Relocations of images in an address space, which have a dynamic section and no sections, against those of their files.</summary>
public sealed class LoadedRelocationTests
{
    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu", "libm.so.6", 0x7f12_3456_7000)]
    [InlineData("/usr/lib/x86_64-linux-gnu", "libc.so.6", 0x7f12_3456_7000)]
    [InlineData("/usr/lib/x86_64-linux-gnu", "libz.so.1", 0x7f12_3456_7000)]
    [InlineData("/usr/i686-linux-gnu/lib", "libc.so.6", 0xf712_3000)]
    [InlineData("/usr/arm-linux-gnueabihf/lib", "libm.so.6", 0xf712_3000)]
    [InlineData("/usr/aarch64-linux-gnu/lib", "libc.so.6", 0x7f12_3456_0000)]
    [InlineData("/usr/riscv64-linux-gnu/lib", "libm.so.6", 0x3f12_3456_7000)]
    public void A_loaded_image_has_its_files_relocations_at_addresses_in_memory(string folder, string name, ulong address)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return;
        }

        using ElfFile file = ElfFile.Open(path);
        ElfRelocation[] there = [.. ElfRelocations.Read(file)];
        Assert.NotEmpty(there);
        Assert.All(there, r => Assert.Equal(r.Offset, r.Address));

        using var space = new ImageSpace(12);
        SystemLibraryTests.Load(space, File.ReadAllBytes(path), address);
        MappedImage image = space.Search().Images.Single(i => i.Address == address);
        using ElfFile loaded = ((IElfSource)image).OpenElf();
        ElfRelocation[] here = [.. ElfRelocations.Read(loaded)];
        Assert.Equal(there.Select(Content).Order(), here.Select(Content).Order());
        Assert.All(here, r => Assert.StartsWith("DT_", r.Section, StringComparison.Ordinal));
        Assert.Equal(address, loaded.LoadBias);

        ElfProgramHeader[] writable = [.. file.ProgramHeaders.ToArray().Where(s => s.Type == ElfSegmentType.Load && s.Flags.HasFlag(ElfSegmentFlags.Write))];
        Assert.All(here, r =>
        {
            Assert.Equal(r.Offset + address, r.Address);
            Assert.Contains(writable, s => r.Offset - s.VirtualAddress < s.MemorySize);

            // As with symbols: the value is the file's, the address the memory's.
            if (r.Symbol is { Address: { } target, Type: ElfSymbolType.Object or ElfSymbolType.None } symbol && symbol.SectionName != "ABS")
            {
                Assert.Equal(symbol.Value + address, target);
            }
        });
        Assert.Empty(loaded.Diagnostics);
    }

    private static (ulong Offset, string Type, string? Symbol, long? Addend) Content(ElfRelocation r) => (r.Offset, r.TypeName, r.SymbolName, r.Addend);
}
