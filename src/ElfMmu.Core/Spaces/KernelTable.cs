using System.Globalization;
using ElfMmu.Dumps;

namespace ElfMmu.Spaces;

/// <summary>Where a Linux kernel's VMCOREINFO says that its own top table is, swapper_pg_dir: user mode isn't in it.</summary>
/// <remarks>Linux, Documentation/admin-guide/kdump/vmcoreinfo.rst. Of 32-bit x86 nothing there says where its kernel was loaded.</remarks>
internal static class KernelTable
{
    private const ulong KernelMap = 0xffff_ffff_8000_0000; // __START_KERNEL_map of x86-64

    /// <summary>The space the kernel names; null where it names none, or not by all numbers that it takes.</summary>
    public static SpaceRequest? Request(MemoryDump dump)
    {
        ReadOnlySpan<byte> text = dump.VmcoreInfo.Span;
        return VmcoreInfo.HexNumber(text, "SYMBOL(swapper_pg_dir)") is not { } address ? null : (dump.Machine.Architecture, dump.Machine.WordSize) switch
        {
            (Architecture.X86, 64) => X86(text, address),
            (Architecture.AArch64, _) => AArch64(text, address),
            (Architecture.RiscV, 64) => RiscV(text, address),
            _ => null,
        };
    }

    /// <summary>What <see cref="Request"/> gives, in words; null where the kernel names nothing.</summary>
    public static string? Describe(MemoryDump dump) => Request(dump) switch
    {
        null => null,
        { Root: { } root, Mode: var mode } => $"root 0x{root:x}, mode {mode}",
        var upper => $"second root 0x{upper.Root1:x}, control value 0x{upper.Control:x}",
    };

    private static SpaceRequest? X86(ReadOnlySpan<byte> text, ulong address) => Number(text, "phys_base") is { } load
        ? new SpaceRequest { Mode = Number(text, "pgtable_l5_enabled") is > 0 ? "la57" : "ia32e", Root = address - KernelMap + load }
        : null;

    private static SpaceRequest? RiscV(ReadOnlySpan<byte> text, ulong address) =>
        Number(text, "va_kernel_pa_offset") is { } offset && Number(text, "VA_BITS") is { } bits and (39 or 48 or 57)
            ? new SpaceRequest { Mode = string.Create(CultureInfo.InvariantCulture, $"sv{bits}"), Root = address - offset }
            : null;

    /// <summary>TTBR1 and as much of TCR as says how it is walked; walks from TTBR0 are off (EPD0), as nothing is known of it.</summary>
    private static SpaceRequest? AArch64(ReadOnlySpan<byte> text, ulong address)
    {
        const int T1sz = 16, Tg1 = 30, Epd0 = 7;
        const ulong LeastWithoutDs = 16;
        const ulong Ds = 1UL << 59;
        ulong? granule = VmcoreInfo.Number(text, "PAGESIZE") switch { 4096 => 2, 16384 => 1, 65536 => 3, _ => null };
        if (granule == null || Number(text, "kimage_voffset") is not { } offset || Number(text, "TCR_EL1_T1SZ") is not { } size || size > 63)
        {
            return null;
        }

        ulong large = granule != 3 && size < LeastWithoutDs ? Ds : 0;
        return new SpaceRequest { Root1 = address - offset, Control = large | (granule.Value << Tg1) | (size << T1sz) | (1 << Epd0) | size };
    }

    /// <summary>A NUMBER, which kernels write as decimal or as hexadecimal with 0x.</summary>
    private static ulong? Number(ReadOnlySpan<byte> text, string name) => VmcoreInfo.Number(text, $"NUMBER({name})") is { } number ? number
        : VmcoreInfo.Text(text, $"NUMBER({name})") is { } hexadecimal && hexadecimal.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(hexadecimal.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) ? number
        : null;
}
