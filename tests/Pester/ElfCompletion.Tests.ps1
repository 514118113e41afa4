# What is completed of the words that ELF files are full of, and which names processors go by.

BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Words of ELF files' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'Get-ElfDynamic x -Tag NEED'; Expected = 'NEEDED' }
        @{ Line = 'Get-ElfDynamic x -Tag DT_GNU_H'; Expected = 'DT_GNU_HASH' }
        @{ Line = 'Get-ElfNote x -Type PRST'; Expected = 'PRSTATUS' }
        @{ Line = 'Get-ElfNote x -Type VMCORE'; Expected = 'VMCOREINFO' }
        @{ Line = 'Get-ElfNote x -Owner GN'; Expected = 'GNU' }
        @{ Line = 'Get-ElfRelocation x -Type X86_64_JUMP'; Expected = 'X86_64_JUMP_SLOT' }
        @{ Line = 'Get-ElfRelocation x -Type R_AARCH64_REL'; Expected = 'R_AARCH64_RELATIVE' }
        @{ Line = 'Get-ElfSymbol x -Table .dyn'; Expected = '.dynsym' }
        @{ Line = 'Export-ElfSymbol x -Machine x6'; Expected = 'x64' }
        @{ Line = 'Export-ElfSymbol x -Machine EM_X86'; Expected = 'EM_X86_64' }
        @{ Line = 'Export-ElfSymbol x -Dwarf '; Expected = '5' }) {
        (TabExpansion2 $Line).CompletionMatches.CompletionText | Should -Contain $Expected
    }

    It 'takes <Name> for a machine' -ForEach @(
        @{ Name = 'x64'; Expected = 'EM_X86_64' }
        @{ Name = 'x86-64'; Expected = 'EM_X86_64' }
        @{ Name = 'AMD64'; Expected = 'EM_X86_64' }
        @{ Name = 'arm64'; Expected = 'EM_AARCH64' }
        @{ Name = 'riscv64'; Expected = 'EM_RISCV'; Class = 'Elf64' }
        @{ Name = 'arm'; Expected = 'EM_ARM' }
        @{ Name = 'ppc'; Expected = 'EM_PPC' }
        @{ Name = '386'; Expected = 'EM_386' }
        @{ Name = '62'; Expected = 'EM_X86_64' }
        @{ Name = '0xb7'; Expected = 'EM_AARCH64' }) {
        $null = [pscustomobject]@{ Name = 'a'; Address = 0x1000 } | Export-ElfSymbol "$TestDrive/a.sym" -Machine $Name
        $header = Get-ElfHeader "$TestDrive/a.sym"
        $header.MachineName | Should -Be $Expected
        if ($Class) { $header.Class | Should -Be $Class }
    }
}
