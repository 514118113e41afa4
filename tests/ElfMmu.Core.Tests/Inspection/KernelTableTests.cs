using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Inspection;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Inspection;

/// <summary>The kernel's own table by VMCOREINFO. The texts are those of Debian's kernels, and where their tables were is known from their dumps.</summary>
public sealed class KernelTableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ElfMachine.X86_64, "SYMBOL(swapper_pg_dir)=ffffffffa4a10000\nNUMBER(phys_base)=-513802240\nNUMBER(pgtable_l5_enabled)=0\n", 0x6010000, "ia32e")]
    [InlineData(ElfMachine.X86_64, "SYMBOL(swapper_pg_dir)=ffffffff8ac10000\nNUMBER(phys_base)=-79691776\nNUMBER(pgtable_l5_enabled)=1\n", 0x6010000, "la57")]
    [InlineData(ElfMachine.RiscV, "SYMBOL(swapper_pg_dir)=ffffffff81dca000\nNUMBER(VA_BITS)=48\nNUMBER(va_kernel_pa_offset)=0xfffffffeffe00000\n", 0x81fca000, "sv48")]
    [InlineData(
        ElfMachine.AArch64,
        "PAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffff80000937b000\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xffff7fffc7e00000\nNUMBER(TCR_EL1_T1SZ)=0x10\n",
        0x4157b000,
        "long")]
    public void It_is_where_the_kernel_says(ElfMachine machine, string text, ulong address, string mode)
    {
        MemoryDumpInfo info = Inspect(machine, text, address);
        DumpRoot root = Assert.Single(info.Roots);
        Assert.True(info.NeedsSearch);
        Assert.Contains("only the kernel's own page tables", info.AddressSpace, StringComparison.Ordinal);
        Assert.Contains($"root 0x{address:x}, ", info.AddressSpace, StringComparison.Ordinal);
        Assert.Equal(address, machine == ElfMachine.AArch64 ? root.Root1 : root.Root);
        Assert.StartsWith(mode == "long" ? "aarch64" : mode, root.Mode.Name, StringComparison.Ordinal);
        Assert.Equal((null, false), (root.Cpu, root.IsDefault));
        Assert.Contains("swapper_pg_dir", root.Origin, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ElfMachine.X86_64, "SYMBOL(swapper_pg_dir)=ffffffffa4a10000\n")]
    [InlineData(ElfMachine.X86_64, "SYMBOL(swapper_pg_dir)=zz\nNUMBER(phys_base)=0\n")]
    [InlineData(ElfMachine.X86_64, "NUMBER(phys_base)=0\n")]
    [InlineData(ElfMachine.I386, "SYMBOL(swapper_pg_dir)=c4e98000\nNUMBER(phys_base)=0\n")]
    [InlineData(ElfMachine.RiscV, "SYMBOL(swapper_pg_dir)=ffffffff81dca000\nNUMBER(VA_BITS)=47\nNUMBER(va_kernel_pa_offset)=0xfffffffeffe00000\n")]
    [InlineData(ElfMachine.AArch64, "PAGESIZE=8192\nSYMBOL(swapper_pg_dir)=ffff80000937b000\nNUMBER(kimage_voffset)=0xffff7fffc7e00000\nNUMBER(TCR_EL1_T1SZ)=0x10\n")]
    [InlineData(ElfMachine.AArch64, "PAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffff80000937b000\nNUMBER(kimage_voffset)=0xffff7fffc7e00000\nNUMBER(TCR_EL1_T1SZ)=0x70\n")]
    public void Half_of_it_is_not_enough(ElfMachine machine, string text) => Assert.Empty(Inspect(machine, text, 0x1000).Roots);

    private MemoryDumpInfo Inspect(ElfMachine machine, string text, ulong address)
    {
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, Encoding.ASCII.GetBytes(text)).ToArray();
        byte[] file = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, machine).Notes(notes).Load(address, new byte[0x4000]).Build();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("vmcore", file));
        return new DumpInspector().Inspect(dump);
    }
}
