namespace ElfMmu.Elf.Notes;

/// <summary>A place where a debugger or SystemTap can look in (NT_STAPSDT, version 3).</summary>
/// <param name="Provider">Whose probe it is, such as libc.</param>
/// <param name="Name">The probe's name.</param>
/// <param name="Location">The address of its instruction, as the file was linked.</param>
/// <param name="Base">The address of .stapsdt.base when the note was made; where it is another one now, all three have moved by the difference.</param>
/// <param name="Semaphore">The address of the number that turns it on; 0 for none.</param>
/// <param name="Arguments">Where its arguments are, in the assembler's words: size in bytes (negative if signed), @ and operand.</param>
public sealed record SystemTapProbe(string Provider, string Name, ulong Location, ulong Base, ulong Semaphore, string Arguments);
