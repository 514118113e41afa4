<#
.SYNOPSIS
Writes a small program for a bare ARM Cortex-M3, with everything a debugger wants, and without an assembler or linker.

.DESCRIPTION
The program is cortex-m3/main.c and cortex-m3/startup.s. It stands below as machine code; the sections, segments, symbols and the
debug information around it are made with the engine's types: ElfMmu.Elf.Writing.ElfModel and ElfMmu.Dwarf.DwarfWriter.

Flash is at 0, RAM at 0x20000000. The start-up code copies .data from flash (its physical address in the program header) to RAM.

.EXAMPLE
pwsh docs/examples/cortex-m3.ps1 hello.elf
qemu-system-arm -M lm3s6965evb -nographic -semihosting -kernel hello.elf

.EXAMPLE
qemu-system-arm -M lm3s6965evb -nographic -semihosting -kernel hello.elf -S -gdb tcp::1234
gdb-multiarch hello.elf -ex 'target remote :1234' -ex 'break main' -ex continue -ex 'print ticks'
#>
[CmdletBinding()]
param(
    # The file to write.
    [Parameter(Mandatory, Position = 0)]
    [string] $Path
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
if (-not ('ElfMmu.Elf.Writing.ElfModel' -as [type])) {
    $built = Join-Path $PSScriptRoot ../../out/ElfMmu/ElfMmu.psd1
    Import-Module ((Test-Path -LiteralPath $built) ? $built : 'ElfMmu')
}

# --- The bytes of the program -------------------------------------------------------------------------------------------------------

# One or more numbers of two or four bytes in a line, as a disassembler prints them; the rest of a line says what they mean.
function ConvertFrom-Listing([string] $Listing) {
    $bytes = [Collections.Generic.List[byte]]::new()
    foreach ($line in $Listing -split "`n") {
        foreach ($number in ($line -replace '\s*;.*').Trim() -split '\s+' -ne '') {
            $value = [Convert]::ToUInt32($number, 16)
            $bytes.AddRange([byte[]] [BitConverter]::GetBytes($value)[0..($number.Length / 2 - 1)])
        }
    }

    , $bytes.ToArray()
}

$handler = '00000071'
$vectors = ConvertFrom-Listing "20010000 00000041 $("$handler " * 14) ; the stack's end, Reset_Handler, all others; bit 0: Thumb"
$code = ConvertFrom-Listing @'
f04f 5000   ; 40 Reset_Handler: mov.w r0, #0x20000000
f240 01e0   ; 44 movw  r1, #0xe0
4a0a        ; 48 ldr   r2, [pc, #40]
4290        ; 4a copy: cmp r0, r2
d204        ; 4c bhs   copied
f851 3b04   ; 4e ldr   r3, [r1], #4
f840 3b04   ; 52 str   r3, [r0], #4
e7f8        ; 56 b     copy
4a07        ; 58 copied: ldr r2, [pc, #28]
2300        ; 5a movs  r3, #0
4290        ; 5c zero: cmp r0, r2
d202        ; 5e bhs   zeroed
f840 3b04   ; 60 str   r3, [r0], #4
e7fa        ; 64 b     zero
f000 f811   ; 66 zeroed: bl main
2018        ; 6a movs  r0, #0x18
4903        ; 6c ldr   r1, [pc, #12]
beab        ; 6e bkpt  0xab
e7fe        ; 70 Default_Handler: b Default_Handler
0000        ; 72
2000000c 2000001c 00020026  ; 74 the end of .data, the end of .bss, ADP_Stopped_ApplicationExit
4b01        ; 80 put: ldr r3, [pc, #4]
6018        ; 82 str   r0, [r3]
4770        ; 84 bx    lr
0000        ; 86
4000c000    ; 88 UARTDR of UART0
b570        ; 8c main: push {r4, r5, r6, lr}
a40c        ; 8e adr   r4, text
e001        ; 90 b     next
f7ff fff5   ; 92 say: bl put
f814 0b01   ; 96 next: ldrb r0, [r4], #1
2800        ; 9a cmp   r0, #0
d1f9        ; 9c bne   say
f04f 5400   ; 9e mov.w r4, #0x20000000
4d06        ; a2 ldr   r5, [pc, #24]
2600        ; a4 movs  r6, #0
6823        ; a6 add: ldr r3, [r4]
88a2        ; a8 ldrh  r2, [r4, #4]
4413        ; aa add   r3, r2
6023        ; ac str   r3, [r4]
f845 3026   ; ae str   r3, [r5, r6, lsl #2]
3601        ; b2 adds  r6, #1
2e04        ; b4 cmp   r6, #4
d1f6        ; b6 bne   add
2000        ; b8 movs  r0, #0
bd70        ; ba pop   {r4, r5, r6, pc}
2000000c    ; bc totals
6c6c6548 7266206f 43206d6f 6574726f 334d2d78 000a  ; c0 text: "Hello from Cortex-M3\n"
'@
$data = ConvertFrom-Listing '00000000 0002 6974 6b63 0073  ; ticks = { 0, 2, "ticks" }'

# Build attributes as the ARM ABI has them: 'A', then per vendor a length, a name and tags; a debugger takes the processor from here.
$attributes = ConvertFrom-Listing @'
41 00000020 61 65 61 62 69 00  ; format, length of what follows, "aeabi"
01 00000016                    ; Tag_File and its length
05 43 6f 72 74 65 78 2d 4d 33 00  ; Tag_CPU_name "Cortex-M3"
06 0a                          ; Tag_CPU_arch: v7
07 4d                          ; Tag_CPU_arch_profile: 'M'
09 02                          ; Tag_THUMB_ISA_use: Thumb-2
'@

# --- Sections and segments ----------------------------------------------------------------------------------------------------------

function New-Section([string] $Name, [uint32] $Type, [uint64] $Flags, [uint64] $Address, [uint64] $Alignment, [byte[]] $Content) {
    $section = [ElfMmu.Elf.Writing.ElfModelSection]::new($Name, $Type)
    $section.Flags = $Flags
    $section.Address = $Address
    $section.Alignment = $Alignment
    $section.Content = $Content
    $section
}

$model = [ElfMmu.Elf.Writing.ElfModel]@{
    Class      = 'Elf32'
    Data       = 'LittleEndian'
    Type       = 'Executable'
    Machine    = 'Arm'
    Flags      = 0x05000000  # EABI5
    EntryPoint = 0x41        # Reset_Handler, in Thumb state
}
$type, $flag = [ElfMmu.Elf.ElfSectionTypes], [ElfMmu.Elf.ElfSectionFlags]
$progBits, $noBits, $armAttributes = $type::ProgBits, $type::NoBits, $type::ArmAttributes
$alloc, $execute, $write = $flag::Alloc, $flag::Execute, $flag::Write
$isr = New-Section .isr_vector $progBits $alloc 0 4 $vectors
$text = New-Section .text $progBits ($alloc + $execute) 0x40 4 $code
$ram = New-Section .data $progBits ($alloc + $write) 0x20000000 4 $data
$bss = New-Section .bss $noBits ($alloc + $write) 0x2000000c 4 @()
$bss.Size = 16
$model.Sections.AddRange([ElfMmu.Elf.Writing.ElfModelSection[]] @($isr, $text, $ram, $bss))

$flash = [ElfMmu.Elf.Writing.ElfModelSegment]::new('Load', 'Read, Execute', [ElfMmu.Elf.Writing.ElfModelSection[]] @($isr, $text))
$flash.Alignment = 4
$memory = [ElfMmu.Elf.Writing.ElfModelSegment]::new('Load', 'Read, Write', [ElfMmu.Elf.Writing.ElfModelSection[]] @($ram, $bss))
$memory.PhysicalAddress = 0xe0  # where it waits in flash
$memory.Alignment = 4
$model.Segments.AddRange([ElfMmu.Elf.Writing.ElfModelSegment[]] @($flash, $memory))

# --- Symbols ------------------------------------------------------------------------------------------------------------------------

function Add-Symbol([string] $Name, [uint64] $Value, $Section, [uint64] $Size, [byte] $Type, [byte] $Binding) {
    $symbol = [ElfMmu.Elf.Writing.ElfModelSymbol]::new($Name, $Value, $Section)
    $symbol.Size = $Size
    $symbol.Type = $Type
    $symbol.Binding = $Binding
    $model.Symbols.Add($symbol)
}

$noType, $object, $function, $file = 0, 1, 2, 4
$local, $global, $weak = 0, 1, 2
Add-Symbol startup.s 0 $null 0 $file $local
Add-Symbol main.c 0 $null 0 $file $local

# Mapping symbols tell instructions ($t) from data ($d) (ELF for the ARM Architecture, "Mapping symbols").
Add-Symbol '$d' 0 $isr 0 $noType $local
foreach ($address in 0x40, 0x80, 0x8c) { Add-Symbol '$t' $address $text 0 $noType $local }
foreach ($address in 0x72, 0x86, 0xbc) { Add-Symbol '$d' $address $text 0 $noType $local }
Add-Symbol '$d' 0x20000000 $ram 0 $noType $local

# Bit 0 of a function's value says Thumb.
Add-Symbol put 0x81 $text 12 $function $local
Add-Symbol main 0x8d $text 52 $function $global
Add-Symbol Reset_Handler 0x41 $text 48 $function $global
Add-Symbol Default_Handler 0x71 $text 2 $function $weak
Add-Symbol __isr_vector 0 $isr 64 $object $global
Add-Symbol ticks 0x20000000 $ram 12 $object $global
Add-Symbol totals 0x2000000c $bss 16 $object $global

# --- Debug information --------------------------------------------------------------------------------------------------------------

$sources = Join-Path $PSScriptRoot cortex-m3
$target = [ElfMmu.Dwarf.DwarfTarget]::new('Arm', 'Elf32', 'LittleEndian', 4)

# Types are read from C, and laid out as a compiler for the target does.
$types = [ElfMmu.Dwarf.DwarfTypes]::ParseC(@'
struct counter {
    unsigned int count;
    unsigned short step;
    char name[6];
};
extern struct counter ticks;
extern unsigned int totals[4];
int main(void);
void put(char c);
'@, $target)

function Add-Line($Unit, [string] $File, [uint64[]] $Rows) {
    for ($i = 0; $i -lt $Rows.Count - 1; $i += 2) {
        $Unit.Lines.Add([ElfMmu.Dwarf.DwarfLine]::new($Rows[$i], $File, $Rows[$i + 1]))
    }

    $Unit.Lines.Add([ElfMmu.Dwarf.DwarfLine]::End($Rows[-1]))
}

# The CFA is the stack pointer and an offset; registers have DWARF's numbers, which are their own on ARM: 13 is sp, 14 lr.
function New-Frame([hashtable[]] $Rows) {
    [ElfMmu.Dwarf.DwarfFrame]::Rows([ElfMmu.Dwarf.DwarfFrameRow[]] @(foreach ($row in $Rows) {
        $saved = [ElfMmu.Dwarf.DwarfSavedRegister[]] @(foreach ($register in $row.Saved.Keys | Sort-Object) {
            [ElfMmu.Dwarf.DwarfSavedRegister]::new($register, $row.Saved[$register])
        })
        [ElfMmu.Dwarf.DwarfFrameRow]::new($row.At, 13, $row.Cfa, $saved)
    }))
}

function Add-Function($Unit, [string] $Name, [uint64] $Address, [uint64] $Size, $Type, [bool] $IsExternal, [uint32] $Line, $Frame) {
    $function = [ElfMmu.Dwarf.DwarfFunction]::new($Name, $Address, $Size, $Type, $IsExternal)
    $function.File = $Unit.Name
    $function.Line = $Line
    $function.Frame = $Frame
    $Unit.Functions.Add($function)
}

function Add-Variable($Unit, [string] $Name, [uint64] $Address, $Type, [uint32] $Line) {
    $variable = [ElfMmu.Dwarf.DwarfVariable]::new($Name, $Address, $Type)
    $variable.File = $Unit.Name
    $variable.Line = $Line
    $Unit.Variables.Add($variable)
}

$leaf = [ElfMmu.Dwarf.DwarfFrame]::Leaf
$main = [ElfMmu.Dwarf.DwarfUnit]@{ Name = 'main.c'; Directory = $sources }
$declared = $types.Declarations
$declared['put'].Type.Parameters[0].Location = [ElfMmu.Dwarf.DwarfLocation]::Register(0)  # r0
Add-Function $main put 0x80 12 $declared['put'].Type $false 11 $leaf
Add-Function $main main 0x8c 52 $declared['main'].Type $true 16 (New-Frame @(
    @{ At = 0; Cfa = 0; Saved = @{} }
    @{ At = 2; Cfa = 16; Saved = @{ 4 = -16; 5 = -12; 6 = -8; 14 = -4 } }
))
Add-Variable $main ticks 0x20000000 $declared['ticks'].Type 8
Add-Variable $main totals 0x2000000c $declared['totals'].Type 9
Add-Line $main main.c (0x80, 12, 0x82, 13, 0x84, 14, 0x8c, 17, 0x8e, 18, 0x92, 19, 0x96, 18, 0x9e, 22, 0xa6, 23, 0xae, 24, 0xb2, 22, 0xb8, 27, 0xba, 28, 0xc0)

$startup = [ElfMmu.Dwarf.DwarfUnit]@{ Name = 'startup.s'; Directory = $sources; Language = 'Assembler' }
Add-Function $startup Reset_Handler 0x40 48 $null $true 2 $leaf
Add-Function $startup Default_Handler 0x70 2 $null $true 25 $leaf
Add-Line $startup startup.s (0x40, 3, 0x44, 4, 0x48, 5, 0x4a, 7, 0x4c, 8, 0x4e, 9, 0x52, 10, 0x56, 11, 0x58, 13, 0x5a, 14, 0x5c, 16, 0x5e, 17, 0x60, 18,
    0x64, 19, 0x66, 21, 0x6a, 22, 0x6c, 23, 0x6e, 24, 0x70, 26, 0x72)

foreach ($debug in [ElfMmu.Dwarf.DwarfWriter]::Write([ElfMmu.Dwarf.DwarfUnit[]] @($main, $startup), $target)) {
    $section = New-Section $debug.Name $progBits $debug.Flags 0 1 $debug.Content.ToArray()
    $section.EntrySize = $debug.EntrySize
    $model.Sections.Add($section)
}

$model.Sections.Add((New-Section .ARM.attributes $armAttributes 0 0 1 $attributes))

# --- The file -----------------------------------------------------------------------------------------------------------------------

$stream = [IO.File]::Create($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path))
try {
    $null = $model.Write($stream)
}
finally {
    $stream.Dispose()
}

Get-Item -LiteralPath $Path
