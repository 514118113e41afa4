namespace ElfMmu.Elf.Notes;

/// <summary>One thing the kernel told the process when it started (Linux, linux/auxvec.h).</summary>
/// <param name="Type">What it is (a_type).</param>
/// <param name="TypeName">Its name, such as AT_ENTRY.</param>
/// <param name="Value">The value (a_val): a number, or an address.</param>
public sealed record CoreAuxiliaryEntry(ulong Type, string TypeName, ulong Value);
