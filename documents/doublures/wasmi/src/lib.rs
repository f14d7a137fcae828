//! Doublure de `wasmi` : tout module WebAssembly est refusé à la lecture.
//!
//! Typst sait charger des extensions ; aucun modèle de Garant n'en a, et un texte récrit par un centre n'en charge pas.
//! [`Module`] n'a pas de valeur : ce qui suit un chargement ne peut pas être atteint, et le compilateur le sait.

use std::fmt;
use std::marker::PhantomData;

/// Le refus, toujours le même.
#[derive(Debug, Clone, Copy)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("les extensions WebAssembly sont refusées")
    }
}

/// Les réglages, sans effet.
#[derive(Debug, Default)]
pub struct Config;

impl Config {
    /// Sans effet.
    pub fn wasm_relaxed_simd(&mut self, _: bool) -> &mut Self {
        self
    }
}

/// Un moteur qui n'exécute rien.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    /// Le seul qu'il y ait.
    pub fn new(_: &Config) -> Self {
        Self
    }
}

/// Un module chargé : il n'y en a pas.
#[derive(Debug)]
pub enum Module {}

impl Module {
    /// Refuse toujours.
    pub fn new(_: &Engine, _: &[u8]) -> Result<Self, Error> {
        Err(Error)
    }
    /// Inatteignable.
    pub fn get_export(&self, _: &str) -> Option<ExternType> {
        match *self {}
    }
    /// Inatteignable.
    pub fn exports(&self) -> std::vec::IntoIter<ExportType<'_>> {
        match *self {}
    }
}

/// Un nom exporté : il n'y en a pas.
#[derive(Debug)]
pub struct ExportType<'m> {
    module: &'m Module,
}

impl<'m> ExportType<'m> {
    /// Inatteignable.
    pub fn name(&self) -> &'m str {
        match *self.module {}
    }
    /// Inatteignable.
    pub fn ty(&self) -> &ExternType {
        match *self.module {}
    }
}

/// Le type d'un nom exporté.
#[derive(Debug)]
pub enum ExternType {
    /// Une mémoire.
    Memory(Memory),
    /// Une fonction.
    Func(FuncType),
}

/// Le type d'une fonction : il n'y en a pas.
#[derive(Debug)]
pub enum FuncType {}

impl FuncType {
    /// Inatteignable.
    pub fn params(&self) -> &[ValType] {
        match *self {}
    }
    /// Inatteignable.
    pub fn results(&self) -> &[ValType] {
        match *self {}
    }
}

/// Le type d'une valeur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValType {
    /// Un entier de 32 bits.
    I32,
    /// Un entier de 64 bits.
    I64,
}

/// Une valeur.
#[derive(Debug, Clone, Copy)]
pub enum Val {
    /// Un entier de 32 bits.
    I32(i32),
    /// Un entier de 64 bits.
    I64(i64),
}

/// Ce qui relie un module à ses appels : rien ne s'y relie.
pub struct Linker<T> {
    moteur: Engine,
    donnees: PhantomData<fn() -> T>,
}

impl<T> Linker<T> {
    /// Un lien vide.
    pub fn new(_: &Engine) -> Self {
        Self {
            moteur: Engine,
            donnees: PhantomData,
        }
    }
    /// La fonction est oubliée.
    pub fn func_wrap<F>(&mut self, _: &str, _: &str, _: F) -> Result<&mut Self, Error> {
        Ok(self)
    }
    /// Le moteur donné.
    pub fn engine(&self) -> &Engine {
        &self.moteur
    }
    /// Inatteignable.
    pub fn instantiate_and_start<C>(&self, _: C, module: &Module) -> Result<Instance, Error> {
        match *module {}
    }
}

/// Ce qu'un module garde entre deux appels.
pub struct Store<T> {
    donnees: T,
}

impl<T> Store<T> {
    /// Garde ces données.
    pub fn new(_: &Engine, donnees: T) -> Self {
        Self { donnees }
    }
    /// Les données.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.donnees
    }
}

/// Un module qui tourne : il n'y en a pas.
#[derive(Debug)]
pub enum Instance {}

impl Instance {
    /// Inatteignable.
    pub fn get_export<C>(&self, _: C, _: &str) -> Option<Extern> {
        match *self {}
    }
}

/// Une chose exportée : il n'y en a pas.
#[derive(Debug)]
pub enum Extern {}

impl Extern {
    /// Inatteignable.
    pub fn into_func(self) -> Option<Func> {
        match self {}
    }
    /// Inatteignable.
    pub fn into_memory(self) -> Option<Memory> {
        match self {}
    }
}

/// Une fonction : il n'y en a pas.
#[derive(Debug)]
pub enum Func {}

impl Func {
    /// Inatteignable.
    pub fn ty<C>(&self, _: C) -> FuncType {
        match *self {}
    }
    /// Inatteignable.
    pub fn call<C>(&self, _: C, _: &[Val], _: &mut [Val]) -> Result<(), Error> {
        match *self {}
    }
}

/// Une mémoire : il n'y en a pas.
#[derive(Debug)]
pub enum Memory {}

impl Memory {
    /// Inatteignable.
    pub fn size<C>(&self, _: C) -> u64 {
        match *self {}
    }
    /// Inatteignable.
    pub fn grow<C>(&self, _: C, _: u64) -> Result<u64, Error> {
        match *self {}
    }
    /// Inatteignable.
    pub fn data<'c, C>(&self, _: &'c C) -> &'c [u8] {
        match *self {}
    }
    /// Inatteignable.
    pub fn data_mut<'c, C>(&self, _: &'c mut C) -> &'c mut [u8] {
        match *self {}
    }
    /// Inatteignable.
    pub fn write<C>(&self, _: C, _: usize, _: &[u8]) -> Result<(), Error> {
        match *self {}
    }
    /// Inatteignable.
    pub fn read<C>(&self, _: C, _: usize, _: &mut [u8]) -> Result<(), Error> {
        match *self {}
    }
}

/// L'appelant d'une fonction de l'hôte : il n'y en a pas.
pub struct Caller<'a, T> {
    appel: &'a mut T,
    jamais: Memory,
}

impl<T> Caller<'_, T> {
    /// Inatteignable.
    pub fn get_export(&self, _: &str) -> Option<Extern> {
        match self.jamais {}
    }
    /// Inatteignable.
    pub fn data_mut(&mut self) -> &mut T {
        self.appel
    }
}
