@{
    RootModule           = 'ElfMmu.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '8a0ec9a5-6f0b-4c39-9c53-5f0a8f9e2d41'
    Author               = 'ElfMmu contributors'
    CompanyName          = 'ElfMmu contributors'
    Copyright            = 'Copyright (c) 2026 ElfMmu contributors. MIT license.'
    Description          = 'Walks the page tables in a physical-memory dump as the MMU would, and exports address spaces as ELF cores that GDB opens. Reads and writes ELF: headers, segments, sections, symbols, relocations, notes, DWARF.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @(
        'Close-MemoryDump'
        'Compare-PageTableMapping'
        'Compress-Interval'
        'Convert-MemoryDump'
        'Expand-ElfImage'
        'Export-ElfCore'
        'Export-ElfSymbol'
        'Find-MappedImage'
        'Find-PageTableRoot'
        'Get-ElfDynamic'
        'Get-ElfHashTable'
        'Get-ElfHeader'
        'Get-ElfNote'
        'Get-ElfRelocation'
        'Get-ElfSection'
        'Get-ElfSegment'
        'Get-ElfString'
        'Get-ElfSymbol'
        'Get-MemoryDump'
        'Get-PageTable'
        'Get-PageTableMapping'
        'Get-PagingMode'
        'Open-MemoryDump'
        'Read-VirtualMemory'
        'Resolve-PhysicalAddress'
        'Resolve-VirtualAddress'
        'Search-VirtualMemory'
        'Show-AddressSpace'
        'Test-ElfFile'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('memory', 'forensics', 'ELF', 'MMU', 'pagetable', 'dump', 'core', 'DWARF', 'readelf', 'reverse-engineering', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
